using SynthStudio.Tabular;

namespace SynthStudio.Worker.Jobs;

/// <summary>The schema that a profile found.</summary>
internal static class ProfiledSchema
{
    /// <summary>Every column with the kind and format it has; target, task and what is said of missing values stay as declared.</summary>
    /// <param name="profile">What was found.</param>
    /// <param name="declared">What the user said; null for nothing.</param>
    public static SchemaFile Of(TableProfile profile, SchemaFile? declared)
    {
        var said = (declared?.Columns ?? []).ToDictionary(c => c.Name, StringComparer.Ordinal);
        return new SchemaFile
        {
            Columns =
            [
                .. profile.Columns.Select(c => new ColumnDeclaration(
                    c.Name, ColumnDeclaration.KindOf(c.Kind), c.DecimalPlaces, c.Format, said.GetValueOrDefault(c.Name)?.Nullable, c.Class, c.Order)),
            ],
            Target = declared?.Target,
            Task = declared?.Task,
            Constraints = declared?.Constraints ?? [],
        };
    }
}

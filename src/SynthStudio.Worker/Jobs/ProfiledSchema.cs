using SynthStudio.Tabular;

namespace SynthStudio.Worker.Jobs;

/// <summary>The schema that a profile found.</summary>
internal static class ProfiledSchema
{
    /// <summary>Every column with the kind and format it has; target, task, rules, domains and what is said of missing values stay as declared.</summary>
    /// <param name="profile">What was found.</param>
    /// <param name="declared">What the user said; null for nothing.</param>
    public static SchemaFile Of(TableProfile profile, SchemaFile? declared)
    {
        var said = (declared?.Columns ?? []).ToDictionary(c => c.Name, StringComparer.Ordinal);
        return new SchemaFile
        {
            Columns = [.. profile.Columns.Select(c => Of(c, said.GetValueOrDefault(c.Name)))],
            Target = declared?.Target,
            Task = declared?.Task,
            Constraints = declared?.Constraints ?? [],
            Population = declared?.Population ?? Population.Undeclared,
        };
    }

    private static ColumnDeclaration Of(ColumnProfile found, ColumnDeclaration? said) =>
        new(found.Name, ColumnDeclaration.KindOf(found.Kind), found.DecimalPlaces, found.Format, said?.Nullable, found.Class, found.Order)
        {
            Min = said?.Min,
            Max = said?.Max,
            Values = said?.Values,
            Bins = said?.Bins,
            Locale = said?.Locale,
            MissingMarkers = said?.MissingMarkers ?? found.MissingMarkers,
        };
}

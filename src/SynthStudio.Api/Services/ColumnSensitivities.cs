using System.Text.Json;
using SynthStudio.Api.Errors;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>What the columns of data sets tell of persons: the owner's marks beside what their profiles propose, and what that means for a training.</summary>
internal sealed class ColumnSensitivities(DatasetStore datasets, ObjectTexts texts)
{
    /// <summary>Kinds that are learned as they are: their values, or numbers near them, come out again.</summary>
    private static readonly string[] LearnedKinds = ["categorical", "ordinal", "boolean", "integer", "decimal", "numerical", "date", "date_time", "datetime", "time", "duration"];

    /// <summary>The columns of a data set; of a withheld one, and of one that is not read yet, those that are marked.</summary>
    public async Task<IReadOnlyList<V1.ColumnSensitivity>> ReadAsync(DatasetRecord dataset, CancellationToken cancellation)
    {
        var columns = dataset is { Withheld: false, Profile: { } profile } ? Columns(await texts.ReadAsync(profile, cancellation)) : [];
        foreach (var (column, mark) in dataset.Sensitivity)
        {
            if (columns.Find(c => c.Column == column) is not { } known) columns.Add(known = new V1.ColumnSensitivity { Column = column });
            known.Mark = Mark(mark!);
        }

        return columns;
    }

    /// <summary>
    /// Names of the columns that name persons, may tell them apart, or are sensitive: by their marks or by what is proposed. A mark of none
    /// takes nothing off: every editor may set it, also one whom the data policy does not name.
    /// </summary>
    public async Task<IReadOnlySet<string>> ListTellingAsync(DatasetRecord dataset, CancellationToken cancellation) => (await ReadAsync(dataset, cancellation))
        .Where(c => IsTelling(c.Mark) || IsTelling(c.Proposed)).Select(c => c.Column).ToHashSet(StringComparer.Ordinal);

    /// <summary>The data set's marks with those that are changed.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> ChangeAsync(
        DatasetRecord dataset, IReadOnlyList<V1.ColumnSensitivity> wanted, CancellationToken cancellation)
    {
        const string field = "dataset_sensitivity.columns";
        var known = dataset is { Withheld: false, Profile: not null }
            ? (await ReadAsync(dataset, cancellation)).Select(c => c.Column).ToHashSet(StringComparer.Ordinal)
            : null;
        var marks = dataset.Sensitivity.ToDictionary(StringComparer.Ordinal);
        foreach (var column in wanted)
        {
            if (column.Column.Length is 0 or > 1000) throw ApiErrors.InvalidField(field, "each must name a column.");
            if (known?.Contains(column.Column) == false) throw ApiErrors.InvalidField(field, $"{dataset.Name} has no column '{column.Column}'.");
            if (!System.Enum.IsDefined(column.Mark)) throw ApiErrors.InvalidField(field, $"'{column.Column}' has no mark that is known.");
            if (column.Mark == V1.Sensitivity.Unspecified) marks.Remove(column.Column);
            else marks[column.Column] = column.Mark.ToString();
        }

        return marks;
    }

    /// <summary>Refuses a training that would learn a column as it is which its owner marked as naming persons; answers those that probably do.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(GeneratorDefinition definition, CancellationToken cancellation)
    {
        if (await datasets.FindAsync(definition.Dataset, cancellation) is not { } dataset) return [];
        var kinds = SchemaKinds.Of(definition.Training.Data.SchemaJson);
        // A promise is about what its owner declares: nothing that was found in the table warns, only marks count.
        var known = definition.Training.Privacy is null ? dataset : dataset with { Profile = null };
        var columns = await ListLearnedAsync(definition, known, cancellation);
        var refused = columns.Where(c => c.Mark == V1.Sensitivity.DirectIdentifier).Select(Quoted).ToList();
        if (refused.Count > 0)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.IdentifierModelled, dataset.Name,
                $"{string.Join(", ", refused)} of {dataset.Name} is marked as a direct identifier, and would be learned with its values. Declare its kind as identifier, text or "
                + "ignored in the data set's schema, or mark it otherwise; then define the generator anew.");
        }

        return
        [
            .. columns.Where(c => c is { Mark: V1.Sensitivity.Unspecified, Proposed: V1.Sensitivity.DirectIdentifier }).Select(c =>
                $"{Quoted(c)} probably names persons ({string.Join(", ", c.Findings.Select(f => f.Kind))}) and is learned as {kinds.GetValueOrDefault(c.Column) ?? c.Kind}: "
                + "its values may come out again. Declare its kind as identifier, text or ignored, or mark the column as none."),
        ];

        string Quoted(V1.ColumnSensitivity column) => $"'{column.Column}'";
    }

    /// <summary>The columns of a data set that a training learns as they are, with what they tell of persons.</summary>
    public async Task<IReadOnlyList<V1.ColumnSensitivity>> ListLearnedAsync(
        GeneratorDefinition definition, DatasetRecord dataset, CancellationToken cancellation)
    {
        var kinds = SchemaKinds.Of(definition.Training.Data.SchemaJson);
        return [.. (await ReadAsync(dataset, cancellation)).Where(c => LearnedKinds.Contains(kinds.GetValueOrDefault(c.Column) ?? c.Kind))];
    }

    private static bool IsTelling(V1.Sensitivity sensitivity) =>
        sensitivity is V1.Sensitivity.DirectIdentifier or V1.Sensitivity.QuasiIdentifier or V1.Sensitivity.Sensitive;

    private static V1.Sensitivity Mark(string name) => System.Enum.Parse<V1.Sensitivity>(name);

    private static List<V1.ColumnSensitivity> Columns(string profileJson)
    {
        using var profile = JsonDocument.Parse(profileJson);
        return profile.RootElement.TryGetProperty("columns", out var columns) ? [.. columns.EnumerateArray().Select(Column)] : [];
    }

    private static V1.ColumnSensitivity Column(JsonElement profile) => new()
    {
        Column = profile.GetProperty("name").GetString(),
        Kind = profile.GetProperty("kind").GetString(),
        Proposed = profile.TryGetProperty("sensitivity", out var proposed)
            ? Mark(string.Concat(proposed.GetString()!.Split('_').Select(Capital)))
            : V1.Sensitivity.Unspecified,
        Findings = { profile.TryGetProperty("personal_data", out var found) ? found.EnumerateArray().Select(Finding) : [] },
    };

    private static V1.PersonalDataFinding Finding(JsonElement finding)
    {
        var proto = new V1.PersonalDataFinding
        {
            Kind = finding.GetProperty("kind").GetString(), ByName = finding.GetProperty("by_name").GetBoolean(), Share = finding.GetProperty("share").GetDouble(),
        };
        // Not in profiles of older versions.
        if (finding.TryGetProperty("confidence", out var confidence)) proto.Confidence = confidence.GetDouble();
        if (finding.TryGetProperty("in_text", out var inText)) proto.InText = inText.GetBoolean();
        if (finding.TryGetProperty("form", out var form)) proto.Form = form.GetString();
        if (finding.TryGetProperty("reasons", out var reasons)) proto.Reasons.Add(reasons.EnumerateArray().Select(r => r.GetString()));
        return proto;
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}

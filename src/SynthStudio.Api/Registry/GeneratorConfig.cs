using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Api.Registry;

/// <summary>What a training was to do, without the data, as names and values; and its fingerprint, by which equal ones are known.</summary>
internal static class GeneratorConfig
{
    /// <summary>The fields in a fixed order; those that say nothing are left out.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(GeneratorDefinition definition)
    {
        var training = definition.Training;
        List<KeyValuePair<string, string>> fields = [new("method", training.Method), new("seed", Text(training.Seed))];
        if (training.MaxTime is { } limit) fields.Add(new("max_time_seconds", Text(limit.TotalSeconds)));
        fields.Add(new("held_back", training.Data.Split is null ? "nothing" : training.Report ? "rows, with a report" : "rows"));
        if (training.Privacy is { } terms)
        {
            fields.Add(new("epsilon", Text(terms.Epsilon)));
            fields.Add(new("delta", Text(terms.Delta)));
            fields.Add(new("unit", terms.UnitColumn.Length > 0 ? terms.UnitColumn : "row"));
            fields.Add(new("max_rows_per_unit", Text(terms.MaxRowsPerUnit)));
        }

        if (training.Start is { } start) fields.Add(new("start_model_sha256", start.Model.Sha256));
        fields.AddRange(training.Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => new KeyValuePair<string, string>($"option {o.Key}", o.Value)));
        return fields;
    }

    /// <summary>SHA-256 over the fields, lower-case hexadecimal.</summary>
    public static string Fingerprint(GeneratorDefinition definition) => Hash(Of(definition).Select(f => $"{f.Key}={f.Value}"));

    /// <summary>
    /// SHA-256 over the bytes that were learned and the schema they were read by; empty for a model that learned elsewhere.
    /// </summary>
    public static string DataFingerprint(GeneratorDefinition definition) =>
        definition.Dataset.Length == 0 ? "" : Hash([definition.Training.Data.Object.Sha256, definition.Training.Data.SchemaJson]);

    private static string Hash(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

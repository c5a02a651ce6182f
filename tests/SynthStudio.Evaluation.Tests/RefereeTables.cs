using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>
/// Reads plain comma-separated files (no quotes) and schema files the way the independent referee script does, so that a difference
/// between the two is a difference of metrics, not of reading.
/// </summary>
internal static class RefereeTables
{
    private static readonly HashSet<string> NullTexts =
        ["", "NaN", "nan", "NAN", "NA", "N/A", "n/a", "#N/A", "NULL", "Null", "null", "<NA>", "NaT"];

    public static TableSchema ReadSchema(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var root = document.RootElement;
        return new TableSchema
        {
            Columns = [.. root.GetProperty("columns").EnumerateObject().Select(column => new ColumnSchema
            {
                Name = column.Name,
                Kind = column.Value.GetString() switch
                {
                    "numerical" => ColumnKind.Decimal,
                    "categorical" => ColumnKind.Categorical,
                    "datetime" => ColumnKind.DateTime,
                    _ => ColumnKind.Ignored,
                },
            })],
            Target = root.GetProperty("target").GetString(),
            Task = root.GetProperty("task").GetString() is { } task ? Enum.Parse<LearningTask>(task, ignoreCase: true) : null,
        };
    }

    public static Table Read(string path, TableSchema schema)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        var header = reader.ReadLine()!.Split(',');
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line)
        {
            rows.Add(line.Split(','));
        }

        return new Table(schema, [.. schema.Columns.Select(column => Column(column, rows, Array.IndexOf(header, column.Name)))]);
    }

    private static Column Column(ColumnSchema schema, List<string[]> rows, int index)
    {
        var texts = rows.Select(row => row[index].Trim()).Select(text => NullTexts.Contains(text) ? null : text).ToArray();
        if (schema.IsNumeric)
        {
            return new NumericColumn(schema, Array.ConvertAll(texts, text => schema.Kind == ColumnKind.DateTime ? Seconds(text) : Number(text)));
        }

        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        return new CodedColumn(
            schema,
            Array.ConvertAll(texts, text => text is null ? CodedColumn.Missing : codes.TryGetValue(text, out var code) ? code : codes[text] = codes.Count),
            [.. codes.Keys]);
    }

    private static double Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    private static double Seconds(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment)
            ? (moment - DateTime.UnixEpoch).TotalSeconds
            : double.NaN;
}

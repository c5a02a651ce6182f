using System.Text;
using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>The first rows of a table as they stand in the file: real rows, for the eyes of those who may see them.</summary>
public sealed record TablePreview
{
    /// <summary>Rows that are kept.</summary>
    public const int MostRows = 50;

    private const int LongestCell = 200;
    private const int MostColumns = 1000;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Names of the columns, the first thousand.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The cells row by row; null is missing. Longer ones are cut.</summary>
    public required IReadOnlyList<IReadOnlyList<string?>> Rows { get; init; }

    /// <summary>Reads the beginning of a file.</summary>
    /// <exception cref="TableException">It cannot be used.</exception>
    public static TablePreview Read(string path, string? fileName, ReadOptions options, CancellationToken cancellation = default)
    {
        using var source = TableSource.Open(path, fileName, options, cancellation);
        var columns = Math.Min(source.Names.Count, MostColumns);
        var rows = new List<IReadOnlyList<string?>>();
        foreach (var batch in source.Read(Enumerable.Range(0, columns), MostRows, cancellation))
        {
            foreach (var chunk in batch.Chunks)
            {
                for (var row = 0; row < chunk.Rows && rows.Count < MostRows; row++) rows.Add(Cells(chunk, row, columns));
            }
        }

        return new TablePreview { Columns = [.. source.Names.Take(columns)], Rows = rows };
    }

    /// <summary>As JSON, names in snake_case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private static string?[] Cells(TextChunk chunk, int row, int columns)
    {
        var cells = new string?[columns];
        for (var column = 0; column < columns; column++)
        {
            var vector = chunk.Column(column);
            if (vector.IsNull(row)) continue;
            var text = Encoding.UTF8.GetString(vector.Bytes(row));
            cells[column] = text.Length <= LongestCell ? text : text[..LongestCell] + "…";
        }

        return cells;
    }
}

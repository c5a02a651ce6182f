using System.Text;
using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>
/// The first rows of a table as they stand in the file, kept while it is profiled (<see cref="ProfileOptions.Preview"/>): real rows, for the eyes of
/// those who may see them.
/// </summary>
public sealed class TablePreview
{
    /// <summary>Rows that are kept.</summary>
    public const int MostRows = 50;

    private const int LongestCell = 200;
    private const int MostColumns = 1000;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly List<IReadOnlyList<string?>> rows = [];

    /// <summary>Names of the columns, the first thousand.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>The cells row by row; null is missing. Longer ones are cut.</summary>
    public IReadOnlyList<IReadOnlyList<string?>> Rows => rows;

    /// <summary>As JSON, names in snake_case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    internal void Begin(IReadOnlyList<string> columns)
    {
        rows.Clear();
        Columns = [.. columns.Take(MostColumns)];
    }

    internal void Add(TextBatch batch)
    {
        foreach (var chunk in batch.Chunks)
        {
            for (var row = 0; row < chunk.Rows && rows.Count < MostRows; row++) rows.Add(Cells(chunk, row));
        }
    }

    private string?[] Cells(TextChunk chunk, int row)
    {
        var cells = new string?[Columns.Count];
        for (var column = 0; column < cells.Length; column++)
        {
            var vector = chunk.Column(column);
            if (vector.IsNull(row)) continue;
            var text = Encoding.UTF8.GetString(vector.Bytes(row));
            cells[column] = text.Length <= LongestCell ? text : text[..LongestCell] + "…";
        }

        return cells;
    }
}

using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>How many rows share a key, where keys refer to persons or things with several rows each. Rows of one fresh key follow each other.</summary>
/// <param name="groups">Keys that are about as frequent, the rarest first.</param>
/// <param name="column">Whose repeats these are; null in packages older than it.</param>
[method: JsonConstructor]
public sealed class KeyRepeats(KeyGroup[] groups, string? column = null)
{
    /// <summary>Keys are new from so many rows to so many rows, which makes the key of any row known without the rows before them all.</summary>
    public const int PageRows = 1 << 16;

    /// <summary>From this share of distinct values on, repeats are slips: fresh keys are distinct.</summary>
    private const double LeastDistinct = 0.99;

    private const int MostGroups = 100;

    public KeyGroup[] Groups { get; } = groups;

    /// <summary>Whose repeats these are: columns with the same ones change their values together, others do not; null in packages older than it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Column { get; } = column;

    /// <summary>Learns from the rows of each key; null when (almost) none repeats. Groups hold so many keys that none tells how frequent one key is.</summary>
    /// <param name="rowsPerKey">By key, in any order.</param>
    /// <param name="threshold">So many keys at least.</param>
    /// <param name="column">Name of their column.</param>
    public static KeyRepeats? Of(IReadOnlyCollection<long> rowsPerKey, int threshold, string column)
    {
        if (rowsPerKey.Count == 0 || rowsPerKey.Count >= LeastDistinct * rowsPerKey.Sum()) return null;
        var least = Math.Max(threshold, rowsPerKey.Count / MostGroups);
        var groups = new List<(long Keys, long Rows)>();
        (long Keys, long Rows) open = default;
        foreach (var equal in rowsPerKey.GroupBy(rows => rows).OrderBy(equal => equal.Key))
        {
            open = (open.Keys + equal.Count(), open.Rows + equal.Key * equal.Count());
            if (open.Keys < least) continue;
            groups.Add(open);
            open = default;
        }

        if (open.Keys > 0)
        {
            var last = groups.Count == 0 ? default : groups[^1];
            if (groups.Count > 0) groups.RemoveAt(groups.Count - 1);
            groups.Add((last.Keys + open.Keys, last.Rows + open.Rows));
        }

        return new KeyRepeats([.. groups.Select(group => new KeyGroup((double)group.Rows / group.Keys, group.Keys))], column);
    }

    /// <summary>Numbers of the keys of rows: equal numbers are one key.</summary>
    /// <param name="firstRow">Number of the first row in the sample.</param>
    /// <param name="rows">How many.</param>
    /// <param name="seed">Seed of the sample.</param>
    public long[] Numbers(long firstRow, int rows, long seed)
    {
        var numbers = new long[rows];
        var own = Column is null ? seed : ColumnSeed.Of(seed, Column);
        var total = Groups.Sum(group => group.Keys);
        for (var page = firstRow / PageRows; page * PageRows < firstRow + rows; page++)
        {
            var random = new SeededStream(own, StreamPurpose.KeyRepeats, page);
            var row = page * PageRows;
            for (var number = row; row < (page + 1) * PageRows && row < firstRow + rows; number++)
            {
                for (var left = Draw(total, random); left > 0 && row < (page + 1) * PageRows; left--, row++)
                {
                    if (row >= firstRow && row < firstRow + rows) numbers[row - firstRow] = number;
                }
            }
        }

        return numbers;
    }

    private long Draw(long total, SeededStream random)
    {
        var left = random.NextDouble() * total;
        var g = 0;
        while (g < Groups.Length - 1 && left >= Groups[g].Keys) left -= Groups[g++].Keys;
        var whole = Math.Floor(Groups[g].Rows);
        return Math.Max(1, (long)whole + (random.NextDouble() < Groups[g].Rows - whole ? 1 : 0));
    }
}

/// <summary>Keys that are about as frequent.</summary>
/// <param name="Rows">Training rows of each, on average.</param>
/// <param name="Keys">How many.</param>
public sealed record KeyGroup(double Rows, long Keys);

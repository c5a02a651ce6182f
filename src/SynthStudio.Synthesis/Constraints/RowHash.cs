using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>64-bit hashes of the cells of some columns, row by row; equal cells have equal hashes in every table.</summary>
internal sealed class RowHash
{
    private const ulong Missing = 0x9E3779B97F4A7C15;

    private readonly Func<int, ulong>[] cells;

    public RowHash(IEnumerable<Column> columns) => cells = [.. columns.Select(Cells)];

    /// <summary>The hash of a row.</summary>
    public ulong Of(int row)
    {
        var hash = 0UL;
        foreach (var cell in cells) hash = Mix(hash ^ cell(row));
        return hash;
    }

    /// <summary>The finaliser of SplitMix64: every bit of the input changes half of the output's.</summary>
    public static ulong Mix(ulong z)
    {
        z += Missing;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static Func<int, ulong> Cells(Column column)
    {
        if (column is NumericColumn numeric)
            return row => double.IsNaN(numeric.Values[row]) ? Missing : BitConverter.DoubleToUInt64Bits(numeric.Values[row] + 0.0);
        var coded = (CodedColumn)column;
        var hashes = Array.ConvertAll(coded.Values, Text);
        return row => coded.Codes[row] == CodedColumn.Missing ? Missing : hashes[coded.Codes[row]];
    }

    // FNV-1a over UTF-16 units.
    private static ulong Text(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        return Mix(hash);
    }
}

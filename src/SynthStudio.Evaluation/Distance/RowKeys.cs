using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Distance;

/// <summary>
/// Rows as 128-bit keys that are equal where all columns are, numbers compared to a billionth of the training range. Different rows among
/// ten million share a key with a chance below 1e-24.
/// </summary>
internal static class RowKeys
{
    private const double Precision = 1e9;

    /// <summary>One key a row, in the order of the rows.</summary>
    public static UInt128[] Of(EncodedTable table, NumberScale[] scales)
    {
        var (upper, lower) = (new ulong[table.RowCount], new ulong[table.RowCount]);
        for (var column = 0; column < table.Columns.Count; column++)
        {
            var numbers = table.Columns[column].IsNumeric ? table.Numbers(column) : null;
            var codes = numbers is null ? table.Codes(column) : null;
            for (var row = 0; row < upper.Length; row++)
            {
                // Adding zero turns -0 into 0.
                var cell = numbers is null
                    ? (ulong)codes![row]
                    : BitConverter.DoubleToUInt64Bits(Math.Round(scales[column].Scale(numbers[row]) * Precision) + 0.0);
                upper[row] = Mix(upper[row] + 0x9e3779b97f4a7c15 + cell);
                lower[row] = Mix((lower[row] ^ cell) + 0xd1b54a32d192ed03);
            }
        }

        var keys = new UInt128[table.RowCount];
        for (var row = 0; row < keys.Length; row++)
        {
            keys[row] = new UInt128(upper[row], lower[row]);
        }

        return keys;
    }

    /// <summary>Share of <paramref name="candidates"/> that stand in <paramref name="table"/>, 0 to 1.</summary>
    public static double ShareIn(UInt128[] candidates, UInt128[] table)
    {
        var known = table.ToHashSet();
        return candidates.Count(known.Contains) / (double)candidates.Length;
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood 2014): one to one, every bit depends on every bit.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}

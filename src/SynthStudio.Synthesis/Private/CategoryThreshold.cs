using SynthStudio.Privacy.Noise;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// Buys the categories of a column: those whose noisy count passes a threshold that a category of one unit passes almost never
/// (<see cref="GaussianThreshold"/>); all others are one category more.
/// </summary>
internal static class CategoryThreshold
{
    /// <summary>Kept categories in the order of their texts, and the one that stands for all others.</summary>
    /// <param name="column">The private column.</param>
    /// <param name="rowsPerUnit">Most rows of one unit, each of which may bring a category of its own.</param>
    /// <param name="level">Noise of one count.</param>
    /// <param name="delta">Probability with which a category of one unit may come out.</param>
    /// <param name="bits">Where chance comes from.</param>
    public static string[] Categories(CodedColumn column, int rowsPerUnit, NoiseLevel level, double delta, SecureBits bits)
    {
        var threshold = rowsPerUnit + Math.Ceiling(GaussianThreshold.Of(level.Deviation, delta / rowsPerUnit));
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var code in column.Codes)
        {
            if (code != CodedColumn.Missing) counts[column.Values[code]] = counts.GetValueOrDefault(column.Values[code]) + 1;
        }

        return [.. counts.Where(c => level.Noisy(c.Value, bits) > threshold).Select(c => c.Key)
            .Where(text => text != ColumnDomain.Other).Order(StringComparer.Ordinal), ColumnDomain.Other];
    }
}

using System.Security.Cryptography;
using SynthStudio.Privacy.Noise;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// Enforces that a unit has no more than so many rows: the others are left out, chosen by a keyed hash whose key is drawn anew every time. Which
/// rows of a unit stay depends on that unit's rows only, so that tables that differ in one unit differ in no other's rows afterwards.
/// </summary>
internal static class ContributionBound
{
    private const int KeyWords = 4;

    /// <summary>The rows that may be used, in their order; rows without a unit are not among them.</summary>
    public static Table Enforce(Table table, PrivacyTerms terms, SecureBits bits)
    {
        if (terms.UnitColumn is not { } unit) return table;
        var key = new byte[KeyWords * sizeof(ulong)];
        for (var i = 0; i < KeyWords; i++) BitConverter.TryWriteBytes(key.AsSpan(i * sizeof(ulong)), bits.Next64());
        var column = table[unit];
        var kept = Enumerable.Range(0, table.RowCount)
            .Where(row => !column.IsMissing(row))
            .GroupBy(row => CellName.Of(column, row), StringComparer.Ordinal)
            .SelectMany(rows => Some([.. rows], rows.Key, terms.MaxRowsPerUnit, key))
            .Order()
            .ToArray();
        return table.Take(kept);
    }

    private static int[] Some(int[] rows, string unit, int most, byte[] key) => rows.Length <= most
        ? rows
        : [.. rows.Select((row, place) => (row, Rank: Convert.ToHexString(HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes($"{place}:{unit}")))))
            .OrderBy(r => r.Rank, StringComparer.Ordinal).Take(most).Select(r => r.row)];
}

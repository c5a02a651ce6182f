using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>The keys of a sample so far, as 64-bit hashes: 16 bytes or so a row. Two keys with one hash cost a row, not a duplicate.</summary>
internal sealed class SeenKeys(UniqueConstraint unique)
{
    private readonly HashSet<ulong> seen = [];

    public string Name => unique.Name;

    /// <summary>Adds the key of a row (0-based) of <paramref name="table"/>; false when it was there before. A key that misses a value never was.</summary>
    public Func<int, bool> AddFrom(Table table)
    {
        Column[] columns = [.. unique.Key.Select(name => table[name])];
        var hashes = new RowHash(columns);
        return row => Array.Exists(columns, column => column.IsMissing(row)) || seen.Add(hashes.Of(row));
    }
}

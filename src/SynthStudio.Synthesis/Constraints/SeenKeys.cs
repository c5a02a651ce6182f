using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>The keys of a sample so far, as 64-bit hashes: 16 bytes or so a row. Two keys with one hash cost a row, not a duplicate.</summary>
internal sealed class SeenKeys(UniqueConstraint unique)
{
    private readonly HashSet<ulong> seen = [];
    private Column[] columns = [];
    private RowHash hashes = new([]);

    public string Name => unique.Name;

    /// <summary>The rows of <paramref name="table"/> come next.</summary>
    public void Begin(Table table)
    {
        columns = [.. unique.Key.Select(name => table[name])];
        hashes = new RowHash(columns);
    }

    /// <summary>False when the key of a row was there before; a key that misses a value never was.</summary>
    public bool TryAdd(int row) => Array.Exists(columns, column => column.IsMissing(row)) || seen.Add(hashes.Of(row));
}

namespace SynthStudio.Mock;

/// <summary>Which rows of a declared table to make, and how many of them together.</summary>
/// <param name="Count">How many, at least 1.</param>
public sealed record MockRows(long Count)
{
    /// <summary>Number of the first row, from 0.</summary>
    public long First { get; init; }

    /// <summary>Rows of the first block, at most: small where somebody waits for them.</summary>
    public required int FirstBlock { get; init; }

    /// <summary>Rows of every other block, at most.</summary>
    public required int Block { get; init; }

    /// <summary>The blocks in order, each by its first row and its length.</summary>
    internal IEnumerable<(long First, int Rows)> Blocks()
    {
        long made = 0;
        for (var next = FirstBlock; made < Count; next = Block)
        {
            var rows = (int)Math.Min(next, Count - made);
            yield return (First + made, rows);
            made += rows;
        }
    }
}

namespace SynthStudio.Synthesis.Randomness;

/// <summary>Seeds of columns whose values are made up row by row: without them, columns of one pattern would say the same in every row.</summary>
internal static class ColumnSeed
{
    private const ulong Offset = 14_695_981_039_346_656_037, Prime = 1_099_511_628_211;

    /// <summary>The seed of a column (FNV-1a of its name, and the sample's seed).</summary>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="column">Name of the column.</param>
    public static long Of(long seed, string column)
    {
        var hash = Offset;
        foreach (var c in column) hash = unchecked((hash ^ c) * Prime);
        return seed ^ (long)hash;
    }
}

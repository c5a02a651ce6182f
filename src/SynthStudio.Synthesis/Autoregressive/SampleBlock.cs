namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>Rows that are drawn together.</summary>
/// <param name="Number">Names the block's random numbers.</param>
/// <param name="First">Number of its first row within the sample.</param>
/// <param name="Rows">How many.</param>
internal readonly record struct SampleBlock(long Number, long First, int Rows)
{
    /// <summary>The first block is small, so that a reader need not wait.</summary>
    private const int FirstRows = 512;

    /// <summary>The larger a block, the more of its rows begin alike and share the work; the smaller, the better cores are kept busy to the end.</summary>
    private const int LeastRows = 2_048, MostRows = 32_768, WantedBlocks = 8;

    /// <summary>The blocks of a sample. They depend on its number of rows only, and with them which rows come out.</summary>
    /// <param name="rows">Rows at most.</param>
    /// <param name="expected">Rows that will likely be taken: no block is larger than befits these.</param>
    /// <param name="firstRow">Rows drawn before, in at most as many blocks.</param>
    public static IEnumerable<SampleBlock> Cut(long rows, long expected, long firstRow = 0)
    {
        var size = (int)Math.Clamp(expected / WantedBlocks, LeastRows, MostRows);
        for (long first = 0, number = 0; first < rows; number++)
        {
            var block = new SampleBlock(firstRow + number, firstRow + first, (int)Math.Min(number == 0 ? FirstRows : size, rows - first));
            yield return block;
            first += block.Rows;
        }
    }
}

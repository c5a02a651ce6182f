using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>Rows that are drawn while their refiners are learned: blocks side by side, all of them at the same column.</summary>
internal sealed class DrawnBlocks
{
    private const int BlockRows = 4_096;

    private readonly BlockDraw[] blocks;
    private readonly ushort[][][] cells;
    private readonly ParallelOptions parallel;
    private readonly int rows;

    /// <param name="sampler">Of the network alone.</param>
    /// <param name="rows">Rows to draw.</param>
    /// <param name="seed">Of the rows.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public DrawnBlocks(AutoregressiveSampler sampler, int rows, long seed, ParallelOptions parallel)
    {
        (this.rows, this.parallel) = (rows, parallel);
        var columns = sampler.Network.Shape.Tokens.Count;
        var count = (rows + BlockRows - 1) / BlockRows;
        cells = [.. Enumerable.Range(0, count).Select(b => Cell.AllUnset(columns, Math.Min(BlockRows, rows - b * BlockRows)))];
        blocks = [.. cells.Select((own, b) => new BlockDraw(sampler, own, new double[]?[columns], new SeededStream(seed, StreamPurpose.RefinementDraws, b)))];
    }

    /// <summary>Some cells a row for each column of a pass, by block.</summary>
    public ushort[][][] Draw(int[] pass, int count) => Each(block => block.Draw(pass, Array.ConvertAll(pass, _ => count), 1));

    /// <summary>Candidates for a column, by block.</summary>
    public ushort[][][] Propose(ColumnRefiner refiner, ushort[][] drawn) => Each((block, b) => block.Propose(refiner, drawn[b], 1));

    /// <summary>Some candidate of each row, by block: rows that were drawn as candidates are.</summary>
    public ushort[][] Any(ushort[][][] candidates) => Each((block, b) => block.Any(candidates[b]));

    /// <summary>Gives a column its cells, by block.</summary>
    public void Set(int column, ushort[][] chosen) => Each((block, b) =>
    {
        block.Set(column, chosen[b]);
        return 0;
    });

    /// <summary>Gives a column the candidates that its refiner chooses.</summary>
    /// <returns>The effective share of the candidates, mean over all rows.</returns>
    public double Choose(ColumnRefiner refiner, ushort[][][] candidates, RowRefinement refinement) =>
        Each((block, b) => block.Choose(refiner, candidates[b], refinement, 1) * block.Rows).Sum() / rows;

    /// <summary>What is computed of a column's cells and the cells known, all blocks one after the other.</summary>
    /// <param name="column">By block: cells of a column that is not set yet; null takes no column.</param>
    /// <param name="compute">From these and all cells of the block, values by row.</param>
    public byte[] Join(ushort[][] column, Func<ushort[], ushort[][], byte[]> compute)
    {
        var joined = new byte[rows];
        for (var b = 0; b < blocks.Length; b++) compute(column[b], cells[b]).CopyTo(joined, b * BlockRows);
        return joined;
    }

    /// <summary>A column that is set, by block.</summary>
    public ushort[][] this[int column] => Array.ConvertAll(cells, own => own[column]);

    private T[] Each<T>(Func<BlockDraw, T> work) => Each((block, _) => work(block));

    private T[] Each<T>(Func<BlockDraw, int, T> work)
    {
        var results = new T[blocks.Length];
        Parallel.For(0, blocks.Length, parallel, b => results[b] = work(blocks[b], b));
        return results;
    }
}

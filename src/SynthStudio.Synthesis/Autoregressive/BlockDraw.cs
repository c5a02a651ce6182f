using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>A block of rows while it is drawn: what is known of them, and who shares it. Used by one thread at a time.</summary>
internal sealed class BlockDraw
{
    private readonly AutoregressiveSampler sampler;
    private readonly ushort[][] cells;
    private readonly IReadOnlyList<double[]?> shares;
    private readonly SeededStream random;
    private readonly RowGroups groups;
    private readonly RowInputs inputs;
    private readonly InferenceMemory memory;
    private readonly bool[] known, unknown, drawnWhole;
    private readonly byte[]?[] bins;

    /// <param name="sampler">Draws cells.</param>
    /// <param name="cells">[column][row], to be set.</param>
    /// <param name="shares">By column: factors on the probabilities of its cells, or null.</param>
    /// <param name="random">The block's stream.</param>
    public BlockDraw(AutoregressiveSampler sampler, ushort[][] cells, IReadOnlyList<double[]?> shares, SeededStream random)
    {
        (this.sampler, this.cells, this.shares, this.random) = (sampler, cells, shares, random);
        groups = new RowGroups(cells[0].Length);
        memory = new InferenceMemory(sampler.Network);
        unknown = Array.ConvertAll(cells, column => Array.TrueForAll(column, cell => cell == Cell.Unset));
        drawnWhole = [.. unknown];
        known = Array.ConvertAll(cells, column => Array.TrueForAll(column, cell => cell != Cell.Unset));
        bins = new byte[]?[cells.Length];
        inputs = new RowInputs(sampler.Network, Rows);
        for (var c = 0; c < cells.Length; c++)
        {
            if (unknown[c]) continue;
            groups.Split(cells[c]);
            for (var row = 0; row < Rows; row++) if (cells[c][row] != Cell.Unset) inputs.Observe(row, c, cells[c][row]);
        }
    }

    public int Rows => groups.Rows;

    /// <summary>Whether a column had no cell in any row at first.</summary>
    public bool DrewWhole(int column) => drawnWhole[column];

    public bool NothingKnown => Array.TrueForAll(unknown, each => each);

    /// <summary>Whether of every row just the columns before one are known, those of its pass aside.</summary>
    public bool OnlyKnowsBefore(int column, int[] pass)
    {
        var before = true;
        foreach (var c in sampler.Order)
        {
            if (c == column) before = false;
            if (Array.IndexOf(pass, c) < 0 && !(before ? known[c] : unknown[c])) return false;
        }

        return true;
    }

    /// <inheritdoc cref="AutoregressiveSampler.Draw"/>
    public ushort[][] Draw(int[] columns, int[] counts, double temperature) =>
        sampler.Draw(columns, counts, cells, groups, inputs, shares, temperature, (many, fine) => CellChoices.From(random, many, fine), memory);

    /// <summary>Sets a column.</summary>
    public void Set(int column, ushort[] chosen)
    {
        for (var row = 0; row < Rows; row++) if (cells[column][row] == Cell.Unset) inputs.Observe(row, column, chosen[row]);
        chosen.CopyTo(cells[column], 0);
        Know(column);
    }

    /// <inheritdoc cref="ColumnRefiner.Propose"/>
    public ushort[][] Propose(ColumnRefiner refiner, ushort[] drawn, double temperature) => refiner.Propose(drawn, cells, temperature, random);

    /// <summary>One of the candidates of each row, whichever.</summary>
    public ushort[] Any(ushort[][] candidates)
    {
        var chosen = new ushort[Rows];
        for (var row = 0; row < chosen.Length; row++) chosen[row] = candidates[random.NextInt(candidates.Length)][row];
        return chosen;
    }

    /// <summary>Sets a column to one of the candidates of each row, by their density ratios.</summary>
    /// <returns>The effective share of the candidates.</returns>
    public double Choose(ColumnRefiner refiner, ushort[][] candidates, RowRefinement refinement, double temperature)
    {
        foreach (var c in refiner.Before) bins[c] ??= refinement.Shapes[c].Of(cells[c]);
        var effective = refiner.Choose(candidates, bins, cells, refinement.Shapes[refiner.Column].BinOfCell, temperature, random);
        for (var row = 0; row < Rows; row++) inputs.Observe(row, refiner.Column, cells[refiner.Column][row]);
        Know(refiner.Column);
        return effective;
    }

    /// <inheritdoc cref="ColumnResampler.Draw"/>
    public void Resample(ColumnResampler resampler, RowRefinement refinement, double temperature)
    {
        foreach (var c in resampler.Others) bins[c] ??= refinement.Shapes[c].Of(cells[c]);
        resampler.Draw(bins, Rows, temperature, random).CopyTo(cells[resampler.Column], 0);
        bins[resampler.Column] = null;
    }

    private void Know(int column)
    {
        (known[column], unknown[column]) = (true, false);
        groups.Split(cells[column]);
    }
}

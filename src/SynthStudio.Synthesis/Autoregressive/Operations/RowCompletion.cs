using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// Draws what is missing in rows: from the model's rows that have the known cells and, in each missing one, a value. So a row is filled as
/// if it were known of complete rows only (the complete-case restriction of Little 1993), whatever the order of drawing, as far as the
/// network's conditionals agree between orders. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>
/// Cells are drawn one after the other, each given those before and given that it has a value. With two of them, A and B, that is
/// P(A | A there) P(B | A, B there), which is not P(A, B | both there): A's weights must count how probable it is that B has a value given A. So a draw is
/// kept with the probability that each cell after the first has a value given those before it, else the row is drawn anew: rejection sampling, exact. A row
/// that is still open after <see cref="Rounds"/> takes one of its draws, in proportion to that probability (sampling importance resampling, Rubin 1988).
/// </para>
/// <para>
/// Then missing cells of columns of two values are drawn again, as when whole rows are drawn, where all is known that trees look at. Density ratios are
/// left out: they hold for rows of which just the columns before are known. The random numbers of a cell are its own: what is drawn for a row does not
/// depend on the rows beside it, but for the rounding of sums.
/// </para>
/// </remarks>
/// <param name="sampler">Draws cells.</param>
/// <param name="refinement">Draws columns of two values again.</param>
/// <param name="shares">By column: factors on the probabilities of its cells, above 0 where they are values; null leaves the column alone.</param>
/// <param name="seed">Equal seeds draw equal cells.</param>
internal sealed class RowCompletion(AutoregressiveSampler sampler, RowRefinement refinement, double[]?[] shares, long seed)
{
    /// <summary>Draws of a row at most.</summary>
    private const int Rounds = 16;

    private readonly TokenLayout layout = sampler.Network.Shape.Tokens;

    /// <summary>Sets every unset cell of columns that have shares.</summary>
    /// <param name="cells">[column][row].</param>
    /// <param name="first">Number of the first row within the table: it names the random numbers.</param>
    /// <param name="cancellation">Looked at between columns.</param>
    public void Complete(ushort[][] cells, long first, CancellationToken cancellation = default)
    {
        var memory = new InferenceMemory(sampler.Network);
        var open = Enumerable.Range(0, cells[0].Length).Where(row => Enumerable.Range(0, layout.Count).Any(c => IsOpen(c, row))).ToArray();
        var again = Array.ConvertAll(refinement.Resamplers, resampler => Array.FindAll(open, row => IsOpen(resampler.Column, row)));
        var (weights, candidates) = (new double[cells[0].Length], new ushort[cells[0].Length][]);
        for (var round = 0; open.Length > 0 && round < Rounds; round++)
        {
            var drawn = Array.ConvertAll(cells, column => Array.ConvertAll(open, row => column[row]));
            var presence = Draw(drawn, (i, c) => Numbers(first + open[i], c, round), memory, cancellation);
            var left = new List<int>();
            for (var i = 0; i < open.Length; i++)
            {
                var row = open[i];
                var random = Numbers(first + row, layout.Count, round);
                weights[row] += presence[i];
                var kept = random.NextDouble() < presence[i];
                if (kept || round == 0 || random.NextDouble() * weights[row] < presence[i]) candidates[row] = Array.ConvertAll(drawn, column => column[i]);
                if (!kept) left.Add(row);
            }

            foreach (var row in open.Except(left)) Set(row);
            open = [.. left];
        }

        foreach (var row in open) Set(row);
        foreach (var (resampler, rows) in refinement.Resamplers.Zip(again).Where(one => one.Second.Length > 0)) DrawAgain(resampler, rows, cells, first);

        bool IsOpen(int c, int row) => shares[c] is not null && cells[c][row] == Cell.Unset;

        void Set(int row)
        {
            for (var c = 0; c < cells.Length; c++) cells[c][row] = candidates[row][c];
        }
    }

    /// <summary>Draws every unset cell once.</summary>
    /// <returns>By row: how probable it was that each drawn cell but the first has a value, given those before it.</returns>
    private double[] Draw(ushort[][] cells, Func<int, int, SeededStream> numbers, InferenceMemory memory, CancellationToken cancellation)
    {
        var rows = cells[0].Length;
        var (groups, inputs, presence, begun) = (new RowGroups(rows), new RowInputs(sampler.Network, rows), new double[rows], new bool[rows]);
        Array.Fill(presence, 1);
        for (var c = 0; c < cells.Length; c++)
        {
            groups.Split(cells[c]);
            for (var row = 0; row < rows; row++) if (cells[c][row] != Cell.Unset) inputs.Observe(row, c, cells[c][row]);
        }

        foreach (var c in sampler.Order.Where(c => shares[c] is not null))
        {
            cancellation.ThrowIfCancellationRequested();
            int[] unset = [.. Enumerable.Range(0, rows).Where(row => cells[c][row] == Cell.Unset)];
            if (unset.Length == 0) continue;
            var admitted = new double[rows];
            var drawn = sampler.Draw([c], [1], cells, groups, inputs, shares, 1, (many, _) => Choices(many, c, unset), memory, admitted)[0];
            foreach (var row in unset)
            {
                cells[c][row] = drawn[row];
                inputs.Observe(row, c, drawn[row]);
                if (begun[row]) presence[row] *= admitted[row];
                begun[row] = true;
            }

            groups.Split(cells[c]);
        }

        return presence;

        CellChoices Choices(int many, int c, int[] unset)
        {
            var choices = new CellChoices(new float[many], []);
            foreach (var row in unset) choices.Coarse[row] = numbers(row, c).NextSingle();
            return choices;
        }
    }

    private void DrawAgain(ColumnResampler resampler, int[] rows, ushort[][] cells, long first)
    {
        rows = Array.FindAll(rows, row => resampler.CanTell(cells, row));
        var high = resampler.HighOf(refinement.Shapes, cells, rows);
        var (lowShare, highShare) = (shares[resampler.Column]![resampler.Low], shares[resampler.Column]![resampler.High]);
        for (var i = 0; i < rows.Length; i++)
        {
            var (low, up) = ((1 - high[i]) * lowShare, high[i] * highShare);
            var choice = Numbers(first + rows[i], resampler.Column, Rounds).NextDouble();
            cells[resampler.Column][rows[i]] = choice * (low + up) < up ? resampler.High : resampler.Low;
        }
    }

    /// <summary>Of a cell in a round; the column behind the last is of the row.</summary>
    private SeededStream Numbers(long row, int column, int round) =>
        new(seed, StreamPurpose.ImputedCells, (row * (layout.Count + 1) + column) * (Rounds + 1) + round);
}

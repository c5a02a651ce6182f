using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Operations;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>
/// Draws the cells of rows that are not known, column by column, each given all that is known of its row by then: cells set from the start,
/// wherever they stand in the order, and cells drawn before. Safe for concurrent use.
/// </summary>
internal sealed class AutoregressiveSampler
{
    private readonly InferenceNetwork network;
    private readonly TokenLayout layout;
    private readonly TokenMasks[] masks;
    private readonly int[] fineIndex;
    private readonly int[][] passes;
    private readonly RowRefinement? refinement;

    /// <param name="network">The trained network.</param>
    /// <param name="passes">
    /// The columns of each pass, in the order of drawing; where anything is known of the rows, each has one of its own. Null
    /// takes one column a pass.
    /// </param>
    /// <param name="refinement">Corrects what is drawn; null leaves it as the network has it.</param>
    public AutoregressiveSampler(InferenceNetwork network, int[][]? passes = null, RowRefinement? refinement = null)
    {
        this.refinement = refinement;
        this.passes = passes ?? PassPlan.Single(network.Shape.Tokens);
        Order = [.. this.passes.SelectMany(pass => pass)];
        Network = this.network = network;
        layout = network.Shape.Tokens;
        masks = [.. layout.Columns.Select(column => new TokenMasks(column, layout.FineTokens))];
        fineIndex = [.. Enumerable.Range(0, layout.Count).Select(c => Array.IndexOf(layout.FineColumns, c))];
        Distributions = new CellDistributions(network, masks, fineIndex);
    }

    public InferenceNetwork Network { get; }

    /// <summary>The columns in the order they are drawn in.</summary>
    public int[] Order { get; }

    /// <summary>Distributions over the cells of a column.</summary>
    public CellDistributions Distributions { get; }

    /// <summary>Sets every cell of a block that is <see cref="Cell.Unset"/>.</summary>
    /// <param name="cells">[column][row].</param>
    /// <param name="shares">By column: factors on the probabilities of its cells; null where there are none. Such columns are drawn first.</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    /// <param name="random">The block's stream.</param>
    /// <param name="cancellation">Looked at between columns: a block of a wide table takes long.</param>
    public void Complete(ushort[][] cells, IReadOnlyList<double[]?> shares, double temperature, SeededStream random, CancellationToken cancellation = default)
    {
        var block = new BlockDraw(this, cells, shares, random);

        // Columns that are independent given nothing but those before may depend on each other given others.
        var free = block.NothingKnown && shares.All(factors => factors is null);
        foreach (var pass in free ? passes : Order.OrderBy(c => shares[c] is null).Select(c => new[] { c }))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Array.Exists(cells[pass[0]], cell => cell == Cell.Unset)) continue;
            var refiners = Array.ConvertAll(pass, c => shares[c] is null && block.OnlyKnowsBefore(c, pass) ? refinement?.Refiners[c] : null);
            var drawn = block.Draw(pass, Array.ConvertAll(refiners, refiner => refiner?.NetworkCandidates ?? 1), temperature);
            for (var i = 0; i < pass.Length; i++)
            {
                if (refiners[i] is { } refiner) block.Choose(refiner, block.Propose(refiner, drawn[i], temperature), refinement!, temperature);
                else block.Set(pass[i], drawn[i]);
            }
        }

        if (refinement is null) return;
        foreach (var resampler in refinement.Resamplers)
        {
            if (shares[resampler.Column] is null && block.DrewWhole(resampler.Column)) block.Resample(resampler, refinement, temperature);
        }
    }

    /// <summary>Draws some cells a row for the columns of a pass, independently of each other; a row that has its cell keeps it.</summary>
    /// <param name="columns">Of the pass.</param>
    /// <param name="counts">By column of the pass: cells to draw for a row.</param>
    /// <param name="cells">[column][row].</param>
    /// <param name="groups">Rows with equal known cells.</param>
    /// <param name="inputs">What is known of each row, as the trunk's input.</param>
    /// <param name="shares">By column: factors on the probabilities of its cells, or null.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="numbers">Gives so many cells of a column their numbers, and says whether it has fine tokens; called once for each column.</param>
    /// <param name="memory">The calling thread's.</param>
    /// <param name="admitted">
    /// By row, of a pass of one column that has shares: gets their mass, how probable it was that they admit the cell; null does without.
    /// </param>
    /// <returns>By column of the pass, by row: its cells, one beside the other.</returns>
    public ushort[][] Draw(
        int[] columns, int[] counts, ushort[][] cells, RowGroups groups, RowInputs inputs, IReadOnlyList<double[]?> shares, double temperature,
        Func<int, bool, CellChoices> numbers, InferenceMemory memory, double[]? admitted = null)
    {
        var choices = columns.Select((c, i) => numbers(groups.Rows * counts[i], fineIndex[c] >= 0)).ToArray();
        var (rows, begins) = groups.Open(cells[columns[0]]);
        var (places, bounds) = (Array.ConvertAll(counts, n => Repeat(rows, n)), Array.ConvertAll(counts, n => Array.ConvertAll(begins, begin => begin * n)));
        var drawn = columns.Select((c, i) => Repeat(cells[c], counts[i])).ToArray();
        var pass = new List<int>(InferenceMemory.Rows);
        for (var g = 0; g < groups.Count; g++)
        {
            if (begins[g] < begins[g + 1]) pass.Add(g);
            if (pass.Count < InferenceMemory.Rows && g < groups.Count - 1) continue;
            for (var i = 0; i < pass.Count; i++) inputs.Of(groups.Representative(pass[i])).CopyTo(memory.H(i));
            network.Trunk(memory, pass.Count);
            for (var i = 0; i < columns.Length; i++)
            {
                var c = columns[i];
                if (shares[c] is { } factors) DrawCells(c, pass, places[i], bounds[i], factors, temperature, choices[i].Coarse, drawn[i], memory, admitted);
                else DrawTokens(c, pass, places[i], bounds[i], temperature, choices[i].Coarse, choices[i].Fine, drawn[i], memory);
            }

            pass.Clear();
        }

        return drawn;
    }

    private static int[] Repeat(int[] rows, int count)
    {
        if (count == 1) return rows;
        var places = new int[rows.Length * count];
        for (var i = 0; i < places.Length; i++) places[i] = rows[i / count] * count + i % count;
        return places;
    }

    private static ushort[] Repeat(ushort[] cells, int count)
    {
        var repeated = new ushort[cells.Length * count];
        for (var i = 0; i < repeated.Length; i++) repeated[i] = cells[i / count];
        return repeated;
    }

    /// <summary>Draws from the weighted distribution over all cells.</summary>
    private void DrawCells(
        int c, List<int> pass, int[] rows, int[] begins, double[] shares, double temperature, float[] choices, ushort[] target, InferenceMemory memory,
        double[]? admitted)
    {
        var weights = Distributions.Of(memory, c, pass.Count, temperature);
        float[]? amongAdmitted = null;
        for (var i = 0; i < pass.Count; i++)
        {
            var sums = Sums(weights, i);
            for (var r = begins[pass[i]]; admitted is not null && r < begins[pass[i] + 1]; r++) admitted[rows[r]] = sums[^1];

            // All that is admitted may be too unlikely for a float beside the rest, as at a low temperature: then it is measured by itself.
            if (!(sums[^1] > 0)) sums = Sums(amongAdmitted ??= Distributions.Of(memory, c, pass.Count, temperature, among: shares), i);
            if (!(sums[^1] > 0))
            {
                // So may be its fine tokens beside others of theirs: then only the condition counts.
                for (var cell = 0; cell < shares.Length; cell++) sums[cell] = (float)shares[cell];
                Weights.Accumulate(sums);
            }

            for (var r = begins[pass[i]]; r < begins[pass[i] + 1]; r++) target[rows[r]] = (ushort)Weights.Choose(sums, choices[rows[r]]);
        }

        Span<float> Sums(float[] of, int row)
        {
            var sums = of.AsSpan(row * shares.Length, shares.Length);
            for (var cell = 0; cell < shares.Length; cell++) sums[cell] *= (float)shares[cell];
            Weights.Accumulate(sums);
            return sums;
        }
    }

    /// <summary>Draws the coarse token, then, where there is one, the fine token given it.</summary>
    private void DrawTokens(
        int c, List<int> pass, int[] rows, int[] begins, double temperature, float[] choices, float[] fineChoices, ushort[] target, InferenceMemory memory)
    {
        var mask = masks[c];
        network.CoarseLogits(memory, c, pass.Count);
        var fine = new List<(int Row, int PassRow, int Coarse)>();
        for (var i = 0; i < pass.Count; i++)
        {
            var sums = memory.Logits.Span.Slice(i * network.CoarseStride(c), mask.Coarse.Length);
            Weights.FromLogits(sums, mask.Coarse, temperature);
            Weights.Accumulate(sums);
            for (var r = begins[pass[i]]; r < begins[pass[i] + 1]; r++)
            {
                var token = Weights.Choose(sums, choices[rows[r]]);
                if (mask.HasFine[token]) fine.Add((rows[r], i, token));
                else target[rows[r]] = (ushort)mask.CellByTokens[token, 0];
            }
        }

        if (fine.Count > 0) DrawFine(c, fine, pass.Count, temperature, fineChoices, target, memory);
    }

    private void DrawFine(
        int c, List<(int Row, int PassRow, int Coarse)> wanted, int passRows, double temperature, float[] choices, ushort[] target, InferenceMemory memory)
    {
        var (mask, f) = (masks[c], fineIndex[c]);
        network.FineProject(memory, f, passRows);

        // Rows of one group with one coarse token share their fine logits.
        wanted.Sort((a, b) => (a.PassRow, a.Coarse, a.Row).CompareTo((b.PassRow, b.Coarse, b.Row)));
        var contexts = new List<(int Row, int Coarse)>(InferenceMemory.Rows);
        for (int first = 0, next = 0; first < wanted.Count; first = next)
        {
            contexts.Clear();
            for (; next < wanted.Count; next++)
            {
                var context = (wanted[next].PassRow, wanted[next].Coarse);
                if (contexts.Count > 0 && contexts[^1] == context) continue;
                if (contexts.Count == InferenceMemory.Rows) break;
                contexts.Add(context);
            }

            network.FineLogits(memory, f, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(contexts));
            for (int i = -1, w = first; w < next; w++)
            {
                var (row, passRow, coarse) = wanted[w];
                if (i < 0 || contexts[i] != (passRow, coarse)) Prepare(memory, ++i, f, mask.Fine[coarse], temperature);
                var sums = memory.FineLogits.Span.Slice(i * network.FineStride(f), layout.FineTokens);
                target[row] = (ushort)mask.CellByTokens[coarse, Weights.Choose(sums, choices[row])];
            }
        }
    }

    private void Prepare(InferenceMemory memory, int i, int f, float[] mask, double temperature)
    {
        var sums = memory.FineLogits.Span.Slice(i * network.FineStride(f), layout.FineTokens);
        Weights.FromLogits(sums, mask, temperature);
        Weights.Accumulate(sums);
    }
}

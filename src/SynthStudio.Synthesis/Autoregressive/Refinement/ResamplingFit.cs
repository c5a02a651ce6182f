using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Cart;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>
/// Learns from training rows how columns of two values depend on others, and says whether trees know that better than the network. One
/// booster is grown for each fold, on the rows of the others; the fold says when to stop. Drawn is from the mean of their log-odds.
/// </summary>
internal sealed class ResamplingFit
{
    private const int Folds = 5;

    private readonly RefinementPlan plan;
    private readonly AutoregressiveSampler sampler;
    private readonly ushort[][] cells;
    private readonly byte[][] bins;
    private readonly PredictorBins[] shapes;
    private readonly int[] order, fold;
    private readonly long seed;
    private readonly int threads;

    /// <param name="plan">Trees and what they must gain.</param>
    /// <param name="sampler">Of the network alone.</param>
    /// <param name="cells">[column][row] of training rows.</param>
    /// <param name="shapes">By column: the bins that trees look at.</param>
    /// <param name="seed">Of the folds and of the trees.</param>
    /// <param name="threads">Work on a tree side by side.</param>
    public ResamplingFit(RefinementPlan plan, AutoregressiveSampler sampler, ushort[][] cells, PredictorBins[] shapes, long seed, int threads)
    {
        (this.plan, this.sampler, this.cells, this.shapes, this.seed, this.threads) = (plan, sampler, cells, shapes, seed, threads);
        bins = [.. cells.Select((column, c) => shapes[c].Of(column))];
        var random = new SeededStream(seed, StreamPurpose.RefinementSplit, 2);
        fold = [.. cells[0].Select(_ => random.NextInt(Folds))];
        order = [.. Enumerable.Range(0, fold.Length)];
        new SeededStream(seed, StreamPurpose.RefinementSplit, 3).Shuffle<int>(order);
    }

    /// <summary>What draws a column again; null where the network knows as much, or where that may be.</summary>
    /// <param name="column">A column of two values.</param>
    /// <param name="others">Columns to look at.</param>
    /// <param name="cancellation">Looked at between trees.</param>
    public ColumnResampler? Fit(int column, int[] others, CancellationToken cancellation)
    {
        var drawable = sampler.Network.Shape.Tokens.Columns[column].Drawable;
        var (low, high) = ((ushort)Array.IndexOf(drawable, true), (ushort)Array.LastIndexOf(drawable, true));
        var rows = Array.FindAll(order, row => drawable[cells[column][row]]);
        var highRows = rows.Count(row => cells[column][row] == high);
        if (others.Length == 0 || highRows == 0 || highRows == rows.Length) return null;

        var resampler = new ColumnResampler(
            column, others, low, high, (float)Math.Log((double)highRows / (rows.Length - highRows)), ObliviousTrees.Join(plan.Resampling.Depth, []));
        var data = new LabelledRows(
            Array.ConvertAll(others, c => bins[c]), Array.ConvertAll(others, c => shapes[c].Count), Array.ConvertAll(cells[column], cell => cell == high));
        var gains = new List<double>();
        var parts = new ObliviousTrees[Folds];
        for (var f = 0; f < Folds; f++)
        {
            var apart = Array.FindAll(rows, row => fold[row] == f);
            var random = new SeededStream(seed, StreamPurpose.ResamplingRows, (long)column * Folds + f);
            var booster = new TreeBooster(plan.Resampling, data.Take(Array.FindAll(rows, row => fold[row] != f)), resampler.Offset, random, threads);
            (parts[f], var scores) = booster.Fit(data.Take(apart), cancellation);
            var compared = apart[..Math.Min(apart.Length, plan.MostComparedRows / Folds)];
            var network = LogLikelihood(column, compared);
            for (var i = 0; i < compared.Length; i++)
                gains.Add(-Math.Log(1 + Math.Exp((data.Labels[compared[i]] ? -1 : 1) * (resampler.Offset + scores[i]))) - network[i]);
            if (f == 0 && !(gains.Sum() > 0)) return null;
        }

        // Rows in no order, on which no tree was grown; how many trees are kept was chosen on them, which favours the trees a little, and the
        // network has learned most of them, which favours it more.
        var evidence = Evidence.Of(gains);
        if (!(evidence.Gain >= plan.LeastGain && evidence.StandardErrors >= plan.LeastEvidence)) return null;
        var trees = ObliviousTrees.Join(plan.Resampling.Depth, parts);
        return resampler with { Trees = trees with { Leaves = Array.ConvertAll(trees.Leaves, leaf => leaf / Folds) } };
    }

    /// <summary>Of the column's cells given all others, by the network; by row.</summary>
    private double[] LogLikelihood(int column, int[] rows)
    {
        var logs = new double[rows.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.ForEach(rows.Index().Chunk(InferenceMemory.Rows), parallel, () => new InferenceMemory(sampler.Network), (pass, _, memory) =>
        {
            ConditionalPass.Run(sampler.Network, memory, cells, Array.ConvertAll(pass, entry => entry.Item), column, (first, count) =>
            {
                var probabilities = sampler.Distributions.Of(memory, column, count, 1);
                var width = probabilities.Length / count;
                for (var i = 0; i < count; i++)
                    logs[pass[first + i].Index] = Math.Log(Math.Max(probabilities[i * width + cells[column][pass[first + i].Item]], float.Epsilon));
            });
            return memory;
        }, _ => { });
        return logs;
    }
}

using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Cart;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>
/// Learns from training rows how columns of two values depend on all others, and says whether trees know that better than the network. One
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
    private readonly int[] fold;
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
    }

    /// <summary>What draws a column again; null where it has more than two values, or where the network knows as much.</summary>
    /// <param name="column">The column.</param>
    /// <param name="others">Columns to look at.</param>
    /// <param name="cancellation">Looked at between trees.</param>
    public ColumnResampler? Fit(int column, int[] others, CancellationToken cancellation)
    {
        var drawable = sampler.Network.Shape.Tokens.Columns[column].Drawable;
        if (others.Length == 0 || drawable.Count(may => may) != 2) return null;
        var (low, high) = ((ushort)Array.IndexOf(drawable, true), (ushort)Array.LastIndexOf(drawable, true));
        var rows = Enumerable.Range(0, fold.Length).Where(row => drawable[cells[column][row]]).ToArray();
        var highRows = rows.Count(row => cells[column][row] == high);
        if (highRows == 0 || highRows == rows.Length) return null;

        var resampler = new ColumnResampler(
            column, others, low, high, (float)Math.Log((double)highRows / (rows.Length - highRows)), ObliviousTrees.Join(plan.Resampling.Depth, []));
        var data = new LabelledRows(
            Array.ConvertAll(others, c => bins[c]), Array.ConvertAll(others, c => shapes[c].Count), Array.ConvertAll(cells[column], cell => cell == high));
        var logLikelihood = new double[fold.Length];
        var parts = new ObliviousTrees[Folds];
        for (var f = 0; f < Folds; f++)
        {
            var apart = Array.FindAll(rows, row => fold[row] == f);
            var random = new SeededStream(seed, StreamPurpose.ResamplingRows, (long)column * Folds + f);
            var booster = new TreeBooster(plan.Resampling, data.Take(Array.FindAll(rows, row => fold[row] != f)), resampler.Offset, random, threads);
            (parts[f], var scores) = booster.Fit(data.Take(apart), cancellation);
            for (var i = 0; i < apart.Length; i++)
                logLikelihood[apart[i]] = -Math.Log(1 + Math.Exp((data.Labels[apart[i]] ? -1 : 1) * (resampler.Offset + scores[i])));
        }

        // The network has learned most of the rows, the trees none of those they are judged by: what is told apart here holds.
        var compared = rows[..Math.Min(rows.Length, plan.MostComparedRows)];
        var gain = compared.Average(row => logLikelihood[row]) - LogLikelihood(column, compared).Average();
        var trees = ObliviousTrees.Join(plan.Resampling.Depth, parts);
        return gain >= plan.LeastGain ? resampler with { Trees = trees with { Leaves = Array.ConvertAll(trees.Leaves, leaf => leaf / Folds) } } : null;
    }

    /// <summary>Of the column's cells given all others, by the network; by row.</summary>
    private double[] LogLikelihood(int column, int[] rows)
    {
        var logs = new double[rows.Length];
        var memory = new InferenceMemory(sampler.Network);
        ConditionalPass.Run(sampler.Network, memory, cells, rows, column, (first, count) =>
        {
            var probabilities = sampler.Distributions.Of(memory, column, count, 1);
            var width = probabilities.Length / count;
            for (var i = 0; i < count; i++) logs[first + i] = Math.Log(Math.Max(probabilities[i * width + cells[column][rows[first + i]]], float.Epsilon));
        });
        return logs;
    }
}

using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Cart;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>
/// Learns the refiners of a trained network, column by column in the order of sampling: draws the column for rows that are refined so far,
/// learns to tell them from training rows by the columns up to it, and has candidates chosen by that before it goes on. So each refiner meets
/// rows as they will be drawn. (Density ratios by classification: Sugiyama et al. 2012; to correct a generator: Grover et al., arXiv:1906.09531.)
/// Then learns to draw columns of two values again, given others wherever these stand in the order.
/// </summary>
/// <param name="network">The trained network.</param>
/// <param name="passes">The columns of each pass when rows are drawn.</param>
/// <param name="codec">How values become cells.</param>
/// <param name="plan">How much is learned and when it is worth it.</param>
/// <param name="seed">The same seed learns the same refiners, on any number of threads.</param>
/// <param name="threads">At least 1.</param>
internal sealed class RefinementTrainer(
    InferenceNetwork network, int[][] passes, TableCodec codec, RefinementPlan plan, long seed, int threads)
{
    /// <summary>
    /// Share of the progress that is told of once the columns are refined; the rest is told of as columns are looked at
    /// that may be drawn again.
    /// </summary>
    private const double PassesShare = 0.7;

    private readonly ColumnCodec[] codecs = [.. codec.Modelled.Select(c => codec.Columns[c])];

    /// <summary>Learns the refiners.</summary>
    /// <param name="table">The training table.</param>
    /// <param name="report">Gets the share that is done, and says whether to go on; if not, the columns left are not refined.</param>
    /// <param name="cancellation">Looked at between trees.</param>
    /// <returns>The refiners, and what they gain in nats a row.</returns>
    public (RowRefinement Refinement, double Gain) Fit(IEncodedRows table, Func<double, bool> report, CancellationToken cancellation)
    {
        var refinement = RowRefinement.None(codec);
        var shapes = refinement.Shapes;
        var cells = Choose(table);
        var real = cells[0].Length;
        if (real < RowSplit.MinimumRows) return (refinement, 0);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        var drawn = new DrawnBlocks(new AutoregressiveSampler(network, passes), real * plan.DrawnPerRow, seed, parallel);
        var fit = new RatioFit(plan, [.. Enumerable.Range(0, real * (1 + plan.DrawnPerRow)).Select(row => row < real)], seed, threads);
        var relations = new RelationSearch(codecs, cells);
        var predictors = new Predictors(codec, cells, plan.MostPredictors, parallel);
        var bins = new byte[cells.Length][];
        double gain = 0;
        var known = new List<int>();
        foreach (var pass in passes)
        {
            if (!report(PassesShare * known.Count / cells.Length)) break;
            var fromNetwork = drawn.Draw(pass, plan.Candidates);
            for (var i = 0; i < pass.Length; i++)
            {
                var c = pass[i];
                var before = predictors.Of(c, known);
                var untold = new ColumnRefiner(
                    c, before, ColumnRefiner.ValuesOf(codecs[c]), relations.Of(c, before), ObliviousTrees.Join(plan.Boosting.Depth, []), plan.Candidates);
                var candidates = drawn.Propose(untold, Array.ConvertAll(fromNetwork, block => block[i]));
                var (features, binCounts) = Features(untold, drawn.Any(candidates));
                if (fit.Fit(c, features, binCounts, cancellation) is { } found)
                {
                    var refiner = untold with { Trees = found.Trees };
                    var effective = drawn.Choose(refiner, candidates, refinement);
                    refinement.Refiners[c] = refiner with { Repeats = Repeats(effective * refiner.Candidates) };
                    gain += found.Gain;
                }
                else
                {
                    drawn.Set(c, Array.ConvertAll(candidates, block => block[0]));
                }

                bins[c] = [.. shapes[c].Of(cells[c]), .. drawn.Join(drawn[c], (own, _) => shapes[c].Of(own))];
                known.Add(c);
            }
        }

        var resamplers = Resample(cells, shapes, predictors, known, report, cancellation);
        report(1);
        return (refinement with { Resamplers = resamplers }, gain);

        (byte[][] Bins, int[] BinCounts) Features(ColumnRefiner refiner, ushort[][] any)
        {
            var (shape, distances) = (shapes[refiner.Column], refiner.Distances(cells[refiner.Column], cells));
            byte[][] features =
            [
                .. refiner.Before.Select(k => bins[k]),
                [.. shape.Of(cells[refiner.Column]), .. drawn.Join(any, (own, _) => shape.Of(own))],
                .. distances.Select((of, r) => (byte[])[.. of, .. drawn.Join(any, (own, all) => refiner.Distances(own, all)[r])]),
            ];
            return (features, [.. refiner.Before.Append(refiner.Column).Select(k => shapes[k].Count), .. distances.Select(_ => CellDistance.Bins)]);
        }
    }

    /// <summary>Learns to draw columns of two values again, given all others that are known.</summary>
    private ColumnResampler[] Resample(
        ushort[][] cells, PredictorBins[] shapes, Predictors predictors, List<int> known, Func<double, bool> report, CancellationToken cancellation)
    {
        var resamplers = new List<ColumnResampler>();
        var resampling = new ResamplingFit(plan, new AutoregressiveSampler(network, passes), cells, shapes, seed, threads);
        var target = Array.FindIndex([.. codec.Modelled], c => codec.Schema.Columns[c].Name == codec.Schema.Target);
        var twoValued = known.Count < cells.Length || cells[0].Length < plan.FewestResampledRows
            ? []
            : predictors.MostDependent(known.FindAll(c => codecs[c].Layout.Drawable.Count(may => may) == 2), plan.MostResampled, target);
        for (var i = 0; i < twoValued.Length; i++)
        {
            if (!report(PassesShare + (1 - PassesShare) * i / twoValued.Length)) break;
            var others = predictors.Of(twoValued[i], known.FindAll(c => c != twoValued[i]));
            if (resampling.Fit(twoValued[i], others, cancellation) is { } resampler) resamplers.Add(resampler);
        }

        return [.. resamplers];
    }

    private int Repeats(double effectiveCandidates) => Math.Clamp((int)Math.Ceiling(plan.EffectiveCandidates / effectiveCandidates), 1, plan.MostRepeats);

    /// <summary>The rows to learn from: all that have no unknown cell, or as many as the columns leave time for.</summary>
    private ushort[][] Choose(IEncodedRows table)
    {
        var most = Math.Clamp(plan.Size.RowsTimesColumns / codecs.Length, plan.Size.LeastRows, plan.Size.MostRows);
        var rows = Enumerable.Range(0, table.Count).ToArray();
        if (rows.Length > most)
        {
            new SeededStream(seed, StreamPurpose.RefinementSplit, 1).Shuffle<int>(rows);
        }

        var chosen = Array.ConvertAll(codecs, _ => new List<ushort>());
        var cells = new ushort[codecs.Length];
        for (var i = 0; i < rows.Length && chosen[0].Count < most; i++)
        {
            table.Read(rows[i], cells);
            if (cells.Contains(Cell.Unset)) continue;
            for (var c = 0; c < cells.Length; c++) chosen[c].Add(cells[c]);
        }

        return Array.ConvertAll(chosen, column => column.ToArray());
    }
}

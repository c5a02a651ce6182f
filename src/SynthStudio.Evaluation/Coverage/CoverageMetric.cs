using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Coverage;

/// <summary>
/// alpha-precision, beta-recall and authenticity as synthcity computes them without an embedding network (its "naive" variant): Euclidean
/// distances, numbers scaled to training's range, categories one-hot, equally many rows of both tables.
/// </summary>
internal sealed class CoverageMetric
{
    private const int Steps = 30;

    private readonly EvaluationContext context;
    private readonly EuclideanRows embedding;

    public CoverageMetric(EvaluationContext context)
    {
        this.context = context;
        embedding = new EuclideanRows(context.Train);
    }

    public CoverageResult Measure(EncodedTable candidate)
    {
        var size = Math.Min(context.Options.MaxCoverageRows, Math.Min(context.Train.RowCount, candidate.RowCount));
        var real = embedding.Embed(Sample(context.Train, 121));
        var other = embedding.Embed(Sample(candidate, 122));
        var centre = EuclideanRows.Mean(real);
        var radii = Sorted(Array.ConvertAll(real, row => EuclideanRows.SquaredDistance(row, centre)));
        var others = Array.ConvertAll(other, row => EuclideanRows.SquaredDistance(row, centre));
        var precision = Curve(alpha => (double)others.Count(d => d <= Quantile(radii, alpha)) / size);

        var (nearestReal, nearestOther, whichOther) = Nearest(real, other);
        var otherCentre = EuclideanRows.Mean(other);
        var spread = Array.ConvertAll(whichOther, row => EuclideanRows.SquaredDistance(other[row], otherCentre));
        var sortedSpread = Sorted(spread);
        var recall = Curve(beta => (double)Enumerable.Range(0, size).Count(i => nearestOther[i] <= nearestReal[i] && spread[i] <= Quantile(sortedSpread, beta)) / size);
        return new CoverageResult(precision, recall, (double)Enumerable.Range(0, size).Count(i => nearestReal[i] < nearestOther[i]) / size, size);

        EncodedTable Sample(EncodedTable table, int salt) => table.Take(RowSample.Draw(table.RowCount, size, context.Seed + salt));
    }

    /// <summary>One minus the mean deviation of a curve from the diagonal, over that of a curve at 0.</summary>
    private static double Curve(Func<double, double> coverage)
    {
        var levels = Enumerable.Range(0, Steps).Select(i => i / (Steps - 1.0)).ToArray();
        return Math.Max(0, 1 - (levels.Sum(level => Math.Abs(level - coverage(level))) / levels.Sum()));
    }

    /// <summary>For each real row the squared distances to the nearest other real row and to the nearest candidate, and which that is.</summary>
    private (double[] Real, double[] Other, int[] Which) Nearest(float[][] real, float[][] other)
    {
        var (nearestReal, nearestOther, which) = (new double[real.Length], new double[real.Length], new int[real.Length]);
        Parallel.For(0, real.Length, context.Parallelism, i =>
        {
            var (toReal, toOther) = (float.MaxValue, float.MaxValue);
            for (var j = 0; j < real.Length; j++)
            {
                toReal = j == i ? toReal : Math.Min(toReal, EuclideanRows.SquaredDistance(real[i], real[j]));
                var distance = EuclideanRows.SquaredDistance(real[i], other[j]);
                (toOther, which[i]) = distance < toOther ? (distance, j) : (toOther, which[i]);
            }

            (nearestReal[i], nearestOther[i]) = (toReal, toOther);
        });
        return (nearestReal, nearestOther, which);
    }

    private static T[] Sorted<T>(T[] values) where T : IComparable<T>
    {
        var sorted = (T[])values.Clone();
        Array.Sort(sorted);
        return sorted;
    }

    private static float Quantile(float[] sorted, double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
}

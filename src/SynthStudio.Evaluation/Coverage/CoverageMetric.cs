using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Coverage;

/// <summary>
/// alpha-precision, beta-recall and authenticity as synthcity computes them without an embedding network (its "naive" variant): Euclidean
/// distances, numbers scaled to training's range, categories one-hot, equally many rows of both tables.
/// </summary>
internal sealed class CoverageMetric
{
    private const int Steps = 30;
    private static readonly double[] Levels = [.. Enumerable.Range(0, Steps).Select(i => i / (Steps - 1.0))];

    private readonly EvaluationContext context;
    private readonly EuclideanRows embedding;
    private readonly Dictionary<int, (float[][] Rows, float[] Nearest)> realOfSize = [];

    public CoverageMetric(EvaluationContext context)
    {
        this.context = context;
        embedding = new EuclideanRows(context.Train);
    }

    public CoverageResult Measure(EncodedTable candidate)
    {
        var size = Math.Min(context.Options.MaxCoverageRows, Math.Min(context.Train.RowCount, candidate.RowCount));
        var (real, nearestReal) = Real(size);
        var other = embedding.Embed(Sample(candidate, size, 122));
        var (nearestOther, whichOther) = Nearest(real, other);
        var otherCentre = EuclideanRows.Mean(other);
        var spread = Array.ConvertAll(whichOther, row => EuclideanRows.SquaredDistance(other[row], otherCentre));
        var spreads = Quantiles(spread);
        bool IsCovered(int row, int k) => nearestOther[row] <= nearestReal[row] && spread[row] <= spreads[k];
        var recall = Curve(k => (double)Enumerable.Range(0, size).Count(row => IsCovered(row, k)) / size);
        double[] authentic = [.. Enumerable.Range(0, size).Select(row => nearestReal[row] < nearestOther[row] ? 1.0 : 0)];
        return new CoverageResult(
            Estimate.OfNormal(Precision(real, other), PrecisionError(real, other)),
            Estimate.OfNormal(
                recall,
                ClusteredError(
                    [.. Enumerable.Range(0, size).Select(row => Levels.Index().Count(level => IsCovered(row, level.Index)) / Levels.Sum())],
                    whichOther)),
            Estimate.OfNormal(authentic.Average(), ClusteredError(authentic, whichOther)),
            size);
    }

    private EncodedTable Sample(EncodedTable table, int size, int salt) => table.Take(RowSample.Draw(table.RowCount, size, context.Seed + salt));

    /// <summary>Real rows, and the distance of each to the nearest other real one: the same for every candidate of a size.</summary>
    private (float[][] Rows, float[] Nearest) Real(int size)
    {
        if (!realOfSize.TryGetValue(size, out var real))
        {
            var rows = embedding.Embed(Sample(context.Train, size, 121));
            realOfSize[size] = real = (rows, Nearest(rows, rows).Distances);
        }

        return real;
    }

    /// <summary>One minus the mean deviation of a curve from the diagonal, over that of a curve at 0.</summary>
    private static double Curve(Func<int, double> coverage) =>
        Math.Max(0, 1 - (Levels.Index().Sum(level => Math.Abs(level.Item - coverage(level.Index))) / Levels.Sum()));

    /// <summary>How well others keep to where real rows are typical: their shares within the quantiles of the real rows' distances from their centre.</summary>
    private static double Precision(float[][] real, float[][] other)
    {
        var centre = EuclideanRows.Mean(real);
        var limits = Quantiles(Array.ConvertAll(real, row => EuclideanRows.SquaredDistance(row, centre)));
        var others = Array.ConvertAll(other, row => EuclideanRows.SquaredDistance(row, centre));
        return Curve(k => (double)others.Count(d => d <= limits[k]) / others.Length);
    }

    private double PrecisionError(float[][] real, float[][] other)
    {
        var ofReal = GroupJackknife.StandardError(real.Length, context.Seed, rows => Precision(Array.ConvertAll(rows, row => real[row]), other));
        var ofOther = GroupJackknife.StandardError(other.Length, context.Seed, rows => Precision(real, Array.ConvertAll(rows, row => other[row])));
        return Math.Sqrt((ofReal * ofReal) + (ofOther * ofOther));
    }

    /// <summary>
    /// Standard error of a mean over real rows; those with the same nearest synthetic row stand and fall together and count as one (Liang and
    /// Zeger 1986).
    /// </summary>
    private static double ClusteredError(double[] values, int[] cluster)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Zip(cluster).GroupBy(row => row.Second).Sum(rows => Math.Pow(rows.Sum(row => row.First - mean), 2))) / values.Length;
    }

    /// <summary>For each row the squared distance to the nearest row of <paramref name="others"/>, not itself, and which that is.</summary>
    private (float[] Distances, int[] Which) Nearest(float[][] rows, float[][] others)
    {
        var (distances, which) = (new float[rows.Length], new int[rows.Length]);
        Parallel.For(0, rows.Length, context.Parallelism, i =>
        {
            var nearest = float.MaxValue;
            for (var j = 0; j < others.Length; j++)
            {
                if (!ReferenceEquals(rows[i], others[j]) && EuclideanRows.SquaredDistance(rows[i], others[j]) is var distance && distance < nearest)
                {
                    (nearest, which[i]) = (distance, j);
                }
            }

            distances[i] = nearest;
        });
        return (distances, which);
    }

    /// <summary>The values below which the shares <see cref="Levels"/> of all lie.</summary>
    private static float[] Quantiles(float[] values)
    {
        var sorted = values.Order().ToArray();
        return Array.ConvertAll(Levels, level => sorted[(int)Math.Round(level * (sorted.Length - 1))]);
    }
}

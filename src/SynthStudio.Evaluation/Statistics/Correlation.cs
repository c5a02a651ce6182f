using System.Numerics.Tensors;

namespace SynthStudio.Evaluation.Statistics;

/// <summary>Pearson correlations of the numerical columns of one table, over the rows where both values are present.</summary>
internal sealed class Correlation
{
    /// <summary>Squares of values beyond, and sums of them, may be no numbers.</summary>
    private const double Greatest = 1e100;

    private readonly double[] values;
    private readonly double[]? centred;
    private readonly double norm;

    /// <param name="values">One column; NaN is missing.</param>
    public Correlation(double[] values)
    {
        this.values = values = InRange(values);
        if (values.Length > 0 && !Array.Exists(values, double.IsNaN) && Array.Exists(values, v => v != values[0]))
        {
            centred = new double[values.Length];
            TensorPrimitives.Subtract(values, TensorPrimitives.Average<double>(values), centred);
            norm = TensorPrimitives.Norm<double>(centred);
        }
    }

    /// <summary>The correlation, -1 to 1; null when either side is constant over the common rows, or there are fewer than two.</summary>
    public static double? Between(Correlation x, Correlation y)
    {
        if (x.centred is not null && y.centred is not null)
        {
            return Math.Clamp(TensorPrimitives.Dot<double>(x.centred, y.centred) / (x.norm * y.norm), -1, 1);
        }

        var common = Enumerable.Range(0, x.values.Length).Where(i => !double.IsNaN(x.values[i]) && !double.IsNaN(y.values[i])).ToArray();
        if (common.Length == x.values.Length)
        {
            return null; // complete, so one of them is constant
        }

        var left = new Correlation(Array.ConvertAll(common, i => x.values[i]));
        var right = new Correlation(Array.ConvertAll(common, i => y.values[i]));
        return left.centred is null || right.centred is null ? null : Between(left, right);
    }

    /// <summary>Values whose squares can be summed, in a unit of their own where theirs is far too small or too large: correlations know no units.</summary>
    private static double[] InRange(double[] values)
    {
        var largest = values.Where(value => !double.IsNaN(value)).Select(value => Math.Abs(value)).DefaultIfEmpty(0).Max();
        return largest is 0 or (> 1 / Greatest and < Greatest) ? values : Array.ConvertAll(values, value => value / largest);
    }

    /// <summary>
    /// How much the correlation r changes by a row's weight, u v - r (u² + v²)/2 of the standardised values u and v (Devlin, Gnanadesikan and
    /// Kettenring 1975). A row without both values has no influence.
    /// </summary>
    public static Func<int, double> RowInfluence(Correlation x, Correlation y)
    {
        double count = 0, meanX = 0, meanY = 0, squareX = 0, squareY = 0, product = 0;
        for (var i = 0; i < x.values.Length; i++)
        {
            if (!double.IsNaN(x.values[i] + y.values[i]))
            {
                count++;
                var (dx, dy) = (x.values[i] - meanX, y.values[i] - meanY);
                (meanX, meanY) = (meanX + (dx / count), meanY + (dy / count));
                squareX += dx * (x.values[i] - meanX);
                squareY += dy * (y.values[i] - meanY);
                product += dx * (y.values[i] - meanY);
            }
        }

        if (squareX == 0 || squareY == 0)
        {
            return _ => 0;
        }

        var (r, deviationX, deviationY, scale) = (
            product / Math.Sqrt(squareX * squareY), Math.Sqrt(squareX / count), Math.Sqrt(squareY / count), x.values.Length / count);
        return row =>
        {
            var (u, v) = ((x.values[row] - meanX) / deviationX, (y.values[row] - meanY) / deviationY);
            return double.IsNaN(u + v) ? 0 : scale * ((u * v) - (r * ((u * u) + (v * v)) / 2));
        };
    }
}

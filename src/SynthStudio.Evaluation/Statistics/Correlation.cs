using System.Numerics.Tensors;

namespace SynthStudio.Evaluation.Statistics;

/// <summary>Pearson correlations of the numerical columns of one table, over the rows where both values are present.</summary>
internal sealed class Correlation
{
    private readonly double[] values;
    private readonly double[]? centred;
    private readonly double norm;

    /// <param name="values">One column; NaN is missing.</param>
    public Correlation(double[] values)
    {
        this.values = values;
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
}

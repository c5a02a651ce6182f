using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace SynthStudio.Synthesis.Copula;

/// <summary>
/// Where to draw the independent normals ε from so that L ε falls into a box about as often as it can (Botev, "The normal law under linear
/// restrictions", 2017, arXiv:1603.04166). Drawn one after the other with means μ, each cut to what the box leaves given the former, a row is right
/// with the weight exp ψ(ε, μ). The saddle point of ψ gives the means and the largest weight there is, so that accepting rows by their weight is exact.
/// </summary>
internal sealed class MinimaxTilting
{
    /// <summary>Work grows with the cube.</summary>
    private const int MostVariables = 120;

    private const int MostSteps = 100;

    private const double Tolerance = 1e-9;

    private readonly double[][] factor;
    private readonly double[] low;
    private readonly double[] high;

    private MinimaxTilting(double[][] factor, double[] low, double[] high) => (this.factor, this.low, this.high) = (factor, low, high);

    /// <summary>The means and ln of the largest weight; null when the saddle point was not found.</summary>
    /// <param name="factor">L, by row; the box has its first rows.</param>
    /// <param name="low">Lower ends of the box, in the order of rows.</param>
    /// <param name="high">Upper ends.</param>
    public static (double[] Means, double LogMost)? Find(double[][] factor, double[] low, double[] high)
    {
        if (low.Length > MostVariables) return null;
        var problem = new MinimaxTilting(factor, low, high);
        return problem.Solve();
    }

    private (double[] Means, double LogMost)? Solve()
    {
        var free = low.Length - 1;
        var at = Evaluate(Start(), new double[free + 1]);
        for (var step = 0; step < MostSteps; step++)
        {
            if (at.Norm < Tolerance) return (at.Means, at.Psi);
            var direction = Jacobian(at).Solve(-Vector<double>.Build.Dense(at.Gradient));
            Point? next = null;
            for (var scale = 1.0; scale > 1e-6 && next is null; scale /= 2)
            {
                var tried = Evaluate(Moved(at.X, direction, 0, scale), Moved(at.Means, direction, free, scale));
                if (tried.Norm < at.Norm * (1 - 1e-4 * scale)) next = tried;
            }

            if (next is null) return null;
            at = next;
        }

        return null;
    }

    /// <summary>A point in the box, as near to 0 as it can be one variable after the other.</summary>
    private double[] Start()
    {
        var x = new double[low.Length];
        for (var k = 0; k < x.Length - 1; k++)
        {
            var (from, to) = (low[k] / factor[k][k] - Shift(k, x), high[k] / factor[k][k] - Shift(k, x));
            x[k] = double.IsFinite(from) && double.IsFinite(to) && (from > 0 || to < 0) ? (from + to) / 2 : Math.Clamp(0, from, to);
        }

        return x;
    }

    private static double[] Moved(double[] from, Vector<double> direction, int first, double scale)
    {
        var to = (double[])from.Clone();
        for (var i = 0; i < to.Length - 1; i++) to[i] += scale * direction[first + i];
        return to;
    }

    private double Shift(int k, double[] x) => TensorPrimitives.Dot<double>(factor[k].AsSpan(0, k), x.AsSpan(0, k)) / factor[k][k];

    private Point Evaluate(double[] x, double[] means)
    {
        var count = low.Length;
        double[] slope = new double[count], bend = new double[count];
        double psi = 0;
        for (var k = 0; k < count; k++)
        {
            var center = Shift(k, x) + means[k];
            var (from, to) = (low[k] / factor[k][k] - center, high[k] / factor[k][k] - center);
            var log = Gaussian.LogBetween(from, to);
            var (atFrom, atTo) = (Math.Exp(Gaussian.LogDensity(from) - log), Math.Exp(Gaussian.LogDensity(to) - log));
            slope[k] = atFrom - atTo;
            bend[k] = (double.IsInfinity(from) ? 0 : from * atFrom) - (double.IsInfinity(to) ? 0 : to * atTo) - slope[k] * slope[k];
            psi += means[k] * means[k] / 2 - means[k] * x[k] + log;
        }

        // The last variable is drawn as it is: it restricts no other.
        var free = count - 1;
        var gradient = new double[2 * free];
        for (var j = 0; j < free; j++)
        {
            gradient[j] = -means[j];
            for (var k = j + 1; k < count; k++) gradient[j] += factor[k][j] / factor[k][k] * slope[k];
            gradient[free + j] = means[j] - x[j] + slope[j];
        }

        return new Point(x, means, bend, gradient, psi);
    }

    private DenseMatrix Jacobian(Point at)
    {
        var free = low.Length - 1;
        var jacobian = new DenseMatrix(2 * free);
        for (var i = 0; i < free; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double both = 0;
                for (var k = i + 1; k < low.Length; k++) both += Weight(k, i) * Weight(k, j) * at.Bend[k];
                jacobian[i, j] = jacobian[j, i] = both;
                jacobian[free + i, j] = jacobian[j, free + i] = i == j ? -1 : Weight(i, j) * at.Bend[i];
            }

            jacobian[free + i, free + i] = 1 + at.Bend[i];
        }

        return jacobian;

        double Weight(int k, int j) => factor[k][j] / factor[k][k];
    }

    private sealed record Point(double[] X, double[] Means, double[] Bend, double[] Gradient, double Psi)
    {
        public double Norm { get; } = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(Gradient));
    }
}

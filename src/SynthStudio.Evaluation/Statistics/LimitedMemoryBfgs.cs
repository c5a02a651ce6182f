using System.Numerics.Tensors;

namespace SynthStudio.Evaluation.Statistics;

/// <summary>
/// Minimises a smooth function by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4) with ten remembered steps and the
/// line search of L-BFGS-B.
/// </summary>
internal static class LimitedMemoryBfgs
{
    private const int Memory = 10;
    private const int MostTrials = 20;

    /// <summary>A step that gains less, relatively, ends the search, as in L-BFGS-B.</summary>
    private const double FlatStep = 2.220446049250313e-09;

    /// <summary>The function's value at a point, its gradient there written to the second argument.</summary>
    public delegate double Objective(double[] point, double[] gradient);

    /// <summary>Minimises from zero.</summary>
    /// <param name="dimensions">Length of the point.</param>
    /// <param name="objective">The function.</param>
    /// <param name="mostSteps">Steps at most.</param>
    /// <param name="tolerance">Stops when no part of the gradient is greater.</param>
    /// <param name="cancellation">Checked at every step.</param>
    /// <returns>The best point found.</returns>
    public static double[] Minimise(int dimensions, Objective objective, int mostSteps, double tolerance, CancellationToken cancellation)
    {
        var point = new double[dimensions];
        var gradient = new double[dimensions];
        var value = objective(point, gradient);
        var history = new LinkedList<(double[] Step, double[] Change, double Curvature)>();
        for (var step = 0; step < mostSteps && TensorPrimitives.MaxMagnitude<double>(gradient) is var steepest
            && Math.Abs(steepest) > tolerance; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var direction = Direction(gradient, history);
            var first = step == 0 ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(gradient)) : 1;
            if (Search(point, value, gradient, direction, first, objective) is not { } found)
            {
                break;
            }

            var (moved, change) = (new double[dimensions], new double[dimensions]);
            TensorPrimitives.Subtract<double>(found.Point, point, moved);
            TensorPrimitives.Subtract<double>(found.Gradient, gradient, change);
            var curvature = TensorPrimitives.Dot<double>(moved, change);
            if (curvature > 0)
            {
                history.AddFirst((moved, change, curvature));
            }

            if (history.Count > Memory)
            {
                history.RemoveLast();
            }

            var isFlat = value - found.Value <= FlatStep * Math.Max(1, Math.Max(Math.Abs(value), Math.Abs(found.Value)));
            (point, value, gradient) = found;
            if (isFlat)
            {
                break;
            }
        }

        return point;
    }

    /// <summary>Minus the gradient times the inverse Hessian as the remembered steps estimate it (the two-loop recursion).</summary>
    private static double[] Direction(double[] gradient, LinkedList<(double[] Step, double[] Change, double Curvature)> history)
    {
        var direction = new double[gradient.Length];
        TensorPrimitives.Negate<double>(gradient, direction);
        var alphas = new Stack<double>();
        foreach (var (step, change, curvature) in history)
        {
            var alpha = TensorPrimitives.Dot<double>(step, direction) / curvature;
            alphas.Push(alpha);
            TensorPrimitives.MultiplyAdd<double>(change, -alpha, direction, direction);
        }

        if (history.First is { Value: var newest })
        {
            TensorPrimitives.Multiply(direction, newest.Curvature / TensorPrimitives.SumOfSquares<double>(newest.Change), direction);
        }

        for (var node = history.Last; node is not null; node = node.Previous)
        {
            var (step, change, curvature) = node.Value;
            var beta = TensorPrimitives.Dot<double>(change, direction) / curvature;
            TensorPrimitives.MultiplyAdd<double>(step, alphas.Pop() - beta, direction, direction);
        }

        return direction;
    }

    private static (double[] Point, double Value, double[] Gradient)? Search(
        double[] point, double value, double[] gradient, double[] direction, double firstLength, Objective objective)
    {
        var search = new LineSearch(value, TensorPrimitives.Dot<double>(gradient, direction), firstLength);
        for (var trial = 0; trial < MostTrials; trial++)
        {
            var (next, nextGradient) = (new double[point.Length], new double[point.Length]);
            TensorPrimitives.MultiplyAdd<double>(direction, search.Step, point, next);
            var nextValue = objective(next, nextGradient);
            if (search.Accepts(nextValue, TensorPrimitives.Dot<double>(nextGradient, direction)))
            {
                return (next, nextValue, nextGradient);
            }
        }

        return null;
    }
}

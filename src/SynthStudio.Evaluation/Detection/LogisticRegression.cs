using System.Numerics.Tensors;

namespace SynthStudio.Evaluation.Detection;

/// <summary>
/// The loss of an L2-regularised logistic regression (scikit-learn's C = 1, intercept free) on dense numbers and one-hot categories:
/// the sum over rows of log(1 + exp(-margin)) plus half the squared norm of the weights.
/// </summary>
/// <param name="numbers">Row by row, <paramref name="numberCount"/> a row.</param>
/// <param name="places">Row by row, <paramref name="categoryColumns"/> a row: which weight the row's category has, or -1 for none.</param>
/// <param name="numberCount">Numerical features.</param>
/// <param name="categoryColumns">Categorical columns.</param>
/// <param name="usual">Weights of categories that most rows have; these features are 0 where present and -1 elsewhere.</param>
internal sealed class LogisticRegression(double[] numbers, int[] places, int numberCount, int categoryColumns, int[] usual)
{
    /// <summary>The loss over <paramref name="rows"/>, its gradient written to <paramref name="gradient"/>; the last weight is the intercept.</summary>
    public double Loss(double[] weights, double[] gradient, int[] rows, Func<int, bool> isPositive)
    {
        Array.Clear(gradient);
        var intercept = Intercept(weights);
        double loss = 0, residuals = 0;
        foreach (var row in rows)
        {
            var margin = Margin(weights, row) + intercept;
            var positive = isPositive(row);
            var signed = positive ? -margin : margin;
            var exponential = Math.Exp(-Math.Abs(signed));
            loss += Math.Max(signed, 0) + Math.Log(1 + exponential);
            var probability = (margin > 0 ? 1 : exponential) / (1 + exponential);
            var residual = probability - (positive ? 1 : 0);
            residuals += residual;
            AddRow(gradient, row, residual);
        }

        foreach (var place in usual)
        {
            gradient[place] -= residuals;
        }

        gradient[^1] = residuals;
        var penalised = weights.AsSpan(0, weights.Length - 1);
        TensorPrimitives.Add(gradient.AsSpan(0, penalised.Length), penalised, gradient.AsSpan(0, penalised.Length));
        return loss + (TensorPrimitives.SumOfSquares<double>(penalised) / 2);
    }

    /// <summary>The margin of every row: the higher the more likely positive.</summary>
    public double[] Margins(double[] weights, int[] rows)
    {
        var intercept = Intercept(weights);
        return Array.ConvertAll(rows, row => Margin(weights, row) + intercept);
    }

    private double Intercept(double[] weights) => weights[^1] - usual.Sum(place => weights[place]);

    private double Margin(double[] weights, int row)
    {
        var margin = 0.0;
        var values = numbers.AsSpan(row * numberCount, numberCount);
        for (var c = 0; c < values.Length; c++)
        {
            margin += weights[c] * values[c];
        }

        foreach (var place in places.AsSpan(row * categoryColumns, categoryColumns))
        {
            margin += place < 0 ? 0 : weights[place];
        }

        return margin;
    }

    private void AddRow(double[] gradient, int row, double residual)
    {
        var values = numbers.AsSpan(row * numberCount, numberCount);
        for (var c = 0; c < values.Length; c++)
        {
            gradient[c] += residual * values[c];
        }

        foreach (var place in places.AsSpan(row * categoryColumns, categoryColumns))
        {
            if (place >= 0)
            {
                gradient[place] += residual;
            }
        }
    }
}

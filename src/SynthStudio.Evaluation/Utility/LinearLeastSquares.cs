namespace SynthStudio.Evaluation.Utility;

/// <summary>
/// The loss of ridge regression on dense numbers and one-hot categories: half the sum of squared residuals, of
/// standardised targets, plus half the squared weights.
/// </summary>
internal sealed class LinearLeastSquares
{
    private readonly double[] numbers;
    private readonly int[] places;
    private readonly int numberCount;
    private readonly int categoryColumns;
    private readonly double[] targets;
    private readonly double mean;
    private readonly double deviation;

    /// <param name="numbers">Row by row, <paramref name="numberCount"/> a row.</param>
    /// <param name="places">Row by row, <paramref name="categoryColumns"/> a row: which weight the row's category has, or -1 for none.</param>
    /// <param name="numberCount">Numerical features.</param>
    /// <param name="categoryColumns">Categorical columns.</param>
    /// <param name="values">One number to predict a row.</param>
    public LinearLeastSquares(double[] numbers, int[] places, int numberCount, int categoryColumns, float[] values)
    {
        this.numbers = numbers;
        this.places = places;
        this.numberCount = numberCount;
        this.categoryColumns = categoryColumns;
        mean = values.Average(value => (double)value);
        var spread = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        deviation = spread > 0 ? spread : 1;
        targets = Array.ConvertAll(values, value => (value - mean) / deviation);
    }

    /// <summary>The loss, its gradient written to <paramref name="gradient"/>; the last weight is the intercept.</summary>
    public double Loss(double[] weights, double[] gradient)
    {
        Array.Clear(gradient);
        var loss = 0.0;
        for (var row = 0; row < targets.Length; row++)
        {
            var residual = Value(weights, numbers, places, row) - targets[row];
            loss += residual * residual / 2;
            for (var c = 0; c < numberCount; c++)
            {
                gradient[c] += residual * numbers[(row * numberCount) + c];
            }

            foreach (var place in places.AsSpan(row * categoryColumns, categoryColumns))
            {
                if (place >= 0)
                {
                    gradient[place] += residual;
                }
            }

            gradient[^1] += residual;
        }

        for (var w = 0; w < weights.Length - 1; w++)
        {
            loss += weights[w] * weights[w] / 2;
            gradient[w] += weights[w];
        }

        return loss;
    }

    /// <summary>The numbers predicted for other rows of the same layout.</summary>
    public double[] Predict(double[] weights, double[] otherNumbers, int[] otherPlaces)
    {
        var rows = numberCount > 0 ? otherNumbers.Length / numberCount : otherPlaces.Length / categoryColumns;
        return [.. Enumerable.Range(0, rows).Select(row => mean + (deviation * Value(weights, otherNumbers, otherPlaces, row)))];
    }

    private double Value(double[] weights, double[] rowNumbers, int[] rowPlaces, int row)
    {
        var sum = weights[^1];
        for (var c = 0; c < numberCount; c++)
        {
            sum += weights[c] * rowNumbers[(row * numberCount) + c];
        }

        foreach (var place in rowPlaces.AsSpan(row * categoryColumns, categoryColumns))
        {
            sum += place < 0 ? 0 : weights[place];
        }

        return sum;
    }
}

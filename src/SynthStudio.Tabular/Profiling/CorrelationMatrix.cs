namespace SynthStudio.Tabular;

/// <summary>Pearson correlations of pairs of columns, over the rows where both have values.</summary>
/// <param name="Columns">Names, in the order of rows and columns of the matrix.</param>
/// <param name="Rows">Rows that were used.</param>
/// <param name="Values">The matrix; null where a column is constant or has no rows in common with the other.</param>
public sealed record CorrelationMatrix(IReadOnlyList<string> Columns, long Rows, IReadOnlyList<IReadOnlyList<double?>> Values)
{
    /// <summary>Correlates columns of equal length; NaN is a missing value.</summary>
    internal static CorrelationMatrix Of(IReadOnlyList<string> names, IReadOnlyList<double[]> columns)
    {
        var values = names.Select(_ => new double?[names.Count]).ToArray();
        for (var i = 0; i < columns.Count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                values[i][j] = values[j][i] = Pearson(columns[i], columns[j]);
            }
        }

        return new CorrelationMatrix(names, columns.Count == 0 ? 0 : columns[0].Length, values);
    }

    // Welford's update for pairs: one pass, without the cancellation that sums of squares suffer.
    private static double? Pearson(double[] x, double[] y)
    {
        double n = 0, meanX = 0, meanY = 0, squareX = 0, squareY = 0, product = 0;
        for (var row = 0; row < x.Length; row++)
        {
            if (double.IsNaN(x[row]) || double.IsNaN(y[row]))
            {
                continue;
            }

            n++;
            var dx = x[row] - meanX;
            var dy = y[row] - meanY;
            meanX += dx / n;
            meanY += dy / n;
            squareX += dx * (x[row] - meanX);
            squareY += dy * (y[row] - meanY);
            product += dx * (y[row] - meanY);
        }

        var correlation = product / Math.Sqrt(squareX * squareY);
        return double.IsFinite(correlation) ? Math.Clamp(correlation, -1, 1) : null;
    }
}

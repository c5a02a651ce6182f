namespace SynthStudio.Mock;

/// <summary>
/// One column of a Gaussian copula: standard normal numbers of the group's columns, mixed by a row of the Cholesky factor of their
/// correlations, and taken back to (0, 1). Whatever the columns' distributions, their ranks hang together as declared.
/// </summary>
/// <param name="group">Stream of the group: its columns share their numbers.</param>
/// <param name="mixture">The column's row of the factor.</param>
internal sealed class CorrelatedUniforms(ulong group, double[] mixture) : IUniformSource
{
    public double Next(long seed, ulong stream, long row)
    {
        var random = new CellRandom(seed, group, row);
        double normal = 0;
        foreach (var weight in mixture)
        {
            normal += weight * NormalQuantile.At(random.NextDouble());
        }

        return Math.Clamp(NormalQuantile.Probability(normal), double.Epsilon, 1 - 1e-16);
    }

    /// <summary>The lower Cholesky factor; null when the matrix is no possible set of correlations.</summary>
    public static double[][]? Factor(double[,] correlations)
    {
        var size = correlations.GetLength(0);
        var factor = new double[size][];
        for (var i = 0; i < size; i++)
        {
            factor[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
            {
                var sum = correlations[i, j];
                for (var k = 0; k < j; k++)
                {
                    sum -= factor[i][k] * factor[j][k];
                }

                if (i == j && sum <= 1e-12)
                {
                    return null;
                }

                factor[i][j] = i == j ? Math.Sqrt(sum) : sum / factor[j][j];
            }
        }

        return factor;
    }
}

namespace SynthStudio.Synthesis.Copula;

/// <summary>The lower-triangular L with L Lᵀ = R.</summary>
internal static class Cholesky
{
    /// <summary>Whether R - <paramref name="shift"/> I is positive definite.</summary>
    public static bool Exists(double[,] matrix, double shift) => TryFactor(matrix, Enumerable.Range(0, matrix.GetLength(0)).ToArray(), shift) is not null;

    /// <summary>Factors R with its rows and columns in another order.</summary>
    /// <returns>By row of L: its first i + 1 elements.</returns>
    /// <exception cref="InvalidDataException">R is not positive definite.</exception>
    public static double[][] Factor(double[,] matrix, int[] order) =>
        TryFactor(matrix, order, 0) ?? throw new InvalidDataException("the correlations are not positive definite");

    private static double[][]? TryFactor(double[,] matrix, int[] order, double shift)
    {
        var rows = new double[order.Length][];
        for (var i = 0; i < order.Length; i++)
        {
            var row = rows[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[order[i], order[j]] - (i == j ? shift : 0)
                    - System.Numerics.Tensors.TensorPrimitives.Dot<double>(row.AsSpan(0, j), rows[j].AsSpan(0, j));
                if (j < i) row[j] = rest / rows[j][j];
                else if (rest > 0) row[i] = Math.Sqrt(rest);
                else return null;
            }
        }

        return rows;
    }
}

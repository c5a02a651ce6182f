using MathNet.Numerics.LinearAlgebra;

namespace SynthStudio.Synthesis.Copula;

/// <summary>
/// Correlations estimated pair by pair need not fit together. They are brought to a matrix that does by alternating projections (Higham
/// 2002): onto the matrices without eigenvalues below a floor, and, scaled to unit diagonal, onto those with uncorrelated variables within a column.
/// </summary>
internal static class CorrelationRepair
{
    /// <summary>Least eigenvalue that a round makes, and the least that is accepted: between them lies what setting zeros takes.</summary>
    private const double Floor = 5e-3, Accepted = 2e-4;

    private const int MostRounds = 40;

    /// <param name="correlations">Changed in place.</param>
    /// <param name="owner">By variable: its column.</param>
    /// <param name="cancellation">Looked at between rounds.</param>
    public static void MakePositiveDefinite(double[,] correlations, int[] owner, CancellationToken cancellation)
    {
        var count = owner.Length;
        for (var round = 0; round < MostRounds && !Cholesky.Exists(correlations, Accepted); round++)
        {
            cancellation.ThrowIfCancellationRequested();
            LiftEigenvalues(correlations);
            var scale = Enumerable.Range(0, count).Select(i => 1 / Math.Sqrt(correlations[i, i])).ToArray();
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                    correlations[i, j] = i == j ? 1 : owner[i] == owner[j] ? 0 : correlations[i, j] * scale[i] * scale[j];
            }
        }

        // What the rounds have left is taken by drawing all correlations together a little: this always ends.
        while (!Cholesky.Exists(correlations, Accepted))
        {
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                {
                    if (i != j) correlations[i, j] *= 0.98;
                }
            }
        }
    }

    private static void LiftEigenvalues(double[,] matrix)
    {
        var count = matrix.GetLength(0);
        var decomposition = Matrix<double>.Build.DenseOfArray(matrix).Evd(Symmetricity.Symmetric);
        var values = decomposition.EigenValues;
        var vectors = decomposition.EigenVectors;
        for (var k = 0; k < count; k++)
        {
            var lift = Floor - values[k].Real;
            if (lift <= 0) continue;
            for (var i = 0; i < count; i++)
            {
                var scaled = lift * vectors[i, k];
                for (var j = 0; j < count; j++) matrix[i, j] += scaled * vectors[j, k];
            }
        }
    }
}

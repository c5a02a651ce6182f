using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.Copula;

/// <summary>Estimates the correlations of the latent variables, pair by pair, from the rows that show both.</summary>
/// <param name="columns">By modelled column.</param>
/// <param name="parallel">Threads and cancellation.</param>
internal sealed class CorrelationFit(IReadOnlyList<LatentColumn> columns, ParallelOptions parallel)
{
    /// <summary>Numbers held at once, variables times rows: more rows than that are thinned out evenly.</summary>
    private const long MostScores = 40_000_000;

    private readonly int count = columns.Sum(column => column.Count);

    /// <summary>The estimates, made a correlation matrix: unit diagonal, positive definite, variables of one column uncorrelated.</summary>
    /// <param name="cells">By modelled column, by row.</param>
    /// <param name="progress">Told the share that is done.</param>
    public double[,] Estimate(ushort[][] cells, Action<double> progress)
    {
        var step = (int)Math.Max(1, (long)cells[0].Length * count / MostScores + 1);
        var rows = (cells[0].Length + step - 1) / step;
        float[][] scores = new float[count][], shown = new float[count][];
        var hermite = new HermiteScores[count];
        var owner = new int[count];
        Parallel.For(0, columns.Count, parallel, c =>
        {
            var column = columns[c];
            for (var v = column.First; v < column.First + column.Count; v++)
            {
                (scores[v], shown[v], owner[v]) = (new float[rows], new float[rows], c);
                hermite[v] = new HermiteScores(v - column.First < column.Sticks.Length ? [column.StickThresholds[v - column.First]] : column.TailThresholds);
            }

            Score(column, cells[c], step, scores, shown, hermite);
        });
        progress(0.3);

        var correlations = new double[count, count];
        Parallel.For(0, count, parallel, i =>
        {
            correlations[i, i] = 1;
            for (var j = i + 1; j < count; j++)
            {
                if (owner[i] != owner[j])
                    correlations[i, j] = correlations[j, i] = Pair(scores[i], shown[i], hermite[i], scores[j], shown[j], hermite[j]);
            }
        });
        progress(0.8);
        CorrelationRepair.MakePositiveDefinite(correlations, owner, parallel.CancellationToken);
        progress(1);
        return correlations;
    }

    private static void Score(LatentColumn column, ushort[] cells, int step, float[][] scores, float[][] shown, HermiteScores[] hermite)
    {
        var placeOfCell = new Dictionary<int, int>();
        for (var i = 0; i < column.Sticks.Length; i++) placeOfCell[column.Sticks[i]] = i;
        for (var i = 0; i < column.Tail.Length; i++) placeOfCell[column.Tail[i]] = column.Sticks.Length + i;
        for (int row = 0, source = 0; source < cells.Length; row++, source += step)
        {
            // A rare cell, which is never drawn, shows nothing.
            if (!placeOfCell.TryGetValue(cells[source], out var place)) continue;
            for (var stick = 0; stick <= Math.Min(place, column.Sticks.Length - 1); stick++)
                Show(column.First + stick, row, stick == place ? 0 : 1);
            if (place >= column.Sticks.Length && column.Tail.Length > 1)
                Show(column.First + column.Sticks.Length, row, place - column.Sticks.Length);
        }

        void Show(int variable, int row, int interval)
        {
            scores[variable][row] = (float)hermite[variable].Scores[interval];
            shown[variable][row] = 1;
        }
    }

    /// <summary>
    /// The correlation that explains the covariance of two scores among the rows that show both, drawn towards 0 by what chance would
    /// give (the form of James and Stein 1961, positive part, at two standard errors): noise is not worth a repair of the matrix.
    /// </summary>
    private static double Pair(float[] x, float[] shownX, HermiteScores scoresX, float[] y, float[] shownY, HermiteScores scoresY)
    {
        double both = TensorPrimitives.Dot(shownX.AsSpan(), shownY);
        var most = scoresX.Variance * scoresY.Variance;
        if (both < 10 || most < 1e-9) return 0;
        var covariance = TensorPrimitives.Dot(x.AsSpan(), y) / both
            - TensorPrimitives.Dot(x.AsSpan(), shownY) / both * (TensorPrimitives.Dot(y.AsSpan(), shownX) / both);
        var correlation = HermiteScores.Correlation(scoresX, scoresY, covariance);
        var noise = 4 / (both * most);
        return correlation * Math.Max(0, 1 - noise / Math.Max(correlation * correlation, 1e-12));
    }
}

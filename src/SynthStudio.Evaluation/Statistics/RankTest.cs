namespace SynthStudio.Evaluation.Statistics;

/// <summary>How well a score tells positives from negatives, with its uncertainty.</summary>
internal static class RankTest
{
    /// <summary>
    /// The area under the ROC curve of one score, with the interval of Hanley and McNeil (1982), and the chance of one as great when the
    /// score says nothing (Mann and Whitney 1947).
    /// </summary>
    /// <param name="positives">Scores of the positives, at least one.</param>
    /// <param name="negatives">Scores of the negatives, at least one.</param>
    public static (Estimate Auc, double PValue) Auc(double[] positives, double[] negatives)
    {
        bool[] labels = [.. positives.Select(_ => true), .. negatives.Select(_ => false)];
        var auc = PredictionScores.AreaUnderCurve(labels, [.. positives, .. negatives]);
        double n = positives.Length, m = negatives.Length;
        var pValue = Significance.UpperTail((auc - 0.5) / Math.Sqrt((n + m + 1) / (12 * n * m)));
        return (Estimate.OfNormal(auc, StandardError(auc, n, m)), pValue);
    }

    /// <summary>Standard error of an area under the curve of <paramref name="n"/> positives and <paramref name="m"/> negatives.</summary>
    public static double StandardError(double auc, double n, double m)
    {
        var q1 = auc / (2 - auc);
        var q2 = 2 * auc * auc / (1 + auc);
        var square = auc * auc;
        return Math.Sqrt(((auc * (1 - auc)) + ((n - 1) * (q1 - square)) + ((m - 1) * (q2 - square))) / (n * m));
    }
}

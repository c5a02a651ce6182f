namespace SynthStudio.Evaluation.Statistics;

/// <summary>A ROC curve at even steps.</summary>
internal static class RocCurve
{
    public const int Steps = 50;

    /// <summary>The share of positives found when 0, 1/50, 2/50 … 1 of the negatives are mistaken for them; between distinct scores the line.</summary>
    /// <param name="isPositive">The truth; both classes occur.</param>
    /// <param name="scores">Higher means more likely positive.</param>
    public static double[] Of(bool[] isPositive, double[] scores)
    {
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ToArray();
        double positives = isPositive.Count(p => p), negatives = isPositive.Length - positives;
        var curve = new double[Steps + 1];
        var (step, found, mistaken) = (0, 0, 0);
        for (var at = 0; at < order.Length;)
        {
            var (foundBefore, mistakenBefore) = (found, mistaken);
            var score = scores[order[at]];
            for (; at < order.Length && scores[order[at]].Equals(score); at++)
            {
                found += isPositive[order[at]] ? 1 : 0;
                mistaken += isPositive[order[at]] ? 0 : 1;
            }

            for (; step <= Steps && mistaken / negatives > (double)step / Steps; step++)
            {
                var part = ((step * negatives / Steps) - mistakenBefore) / (mistaken - mistakenBefore);
                curve[step] = (foundBefore + (part * (found - foundBefore))) / positives;
            }
        }

        curve.AsSpan(step).Fill(1);
        return curve;
    }
}

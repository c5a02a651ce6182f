namespace SynthStudio.Evaluation.Statistics;

/// <summary>How good predictions are.</summary>
internal static class PredictionScores
{
    /// <summary>Area under the ROC curve: the chance that a positive scores above a negative, ties counting half.</summary>
    /// <param name="isPositive">The truth; both classes occur.</param>
    /// <param name="scores">Higher means more likely positive; those that are no number are equal and the least.</param>
    public static double AreaUnderCurve(bool[] isPositive, double[] scores)
    {
        var keys = (double[])scores.Clone();
        var labels = (bool[])isPositive.Clone();
        Array.Sort(keys, labels);
        double rankSum = 0, positives = 0;
        for (var start = 0; start < keys.Length;)
        {
            var end = start;
            var positivesHere = 0.0; // not a whole number type: times a rank it exceeds 32 bits
            while (end < keys.Length && keys[end].Equals(keys[start]))
            {
                positivesHere += labels[end++] ? 1 : 0;
            }

            rankSum += positivesHere * (start + end + 1) / 2.0;
            positives += positivesHere;
            start = end;
        }

        return (rankSum - (positives * (positives + 1) / 2)) / (positives * (keys.Length - positives));
    }

    /// <summary>F1 of each class that occurs in truth or prediction, averaged without weights.</summary>
    public static double MacroF1(int[] truth, int[] predicted)
    {
        var scores = truth.Union(predicted).Select(c =>
        {
            int hits = 0, sum = 0;
            for (var i = 0; i < truth.Length; i++)
            {
                hits += truth[i] == c && predicted[i] == c ? 1 : 0;
                sum += (truth[i] == c ? 1 : 0) + (predicted[i] == c ? 1 : 0);
            }

            return 2.0 * hits / sum;
        });
        return scores.Average();
    }

    /// <summary>Coefficient of determination: 1 is perfect, 0 as good as the mean; of equal values 0 unless all are met, as scikit-learn has it.</summary>
    /// <param name="truth">At least one value.</param>
    /// <param name="predicted">One value a truth.</param>
    public static double RSquared(double[] truth, double[] predicted)
    {
        if (Array.TrueForAll(truth, value => value == truth[0]))
        {
            return truth.SequenceEqual(predicted) ? 1 : 0;
        }

        var mean = truth.Average();
        double residual = 0, total = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            residual += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
            total += (truth[i] - mean) * (truth[i] - mean);
        }

        return 1 - (residual / total);
    }
}

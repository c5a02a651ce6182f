namespace SynthStudio.Evaluation.Statistics;

/// <summary>Standard errors of any score by leaving out a twentieth of the rows at a time (Quenouille 1956, Tukey 1958).</summary>
internal static class GroupJackknife
{
    private const int Groups = 20;

    /// <param name="rows">Number of rows that were scored.</param>
    /// <param name="seed">Deals the rows into groups.</param>
    /// <param name="score">The score of some of the rows.</param>
    public static double StandardError(int rows, int seed, Func<int[], double> score)
    {
        var order = new RandomState(seed).Permutation(rows);
        var groups = Math.Min(Groups, rows);
        var scores = new double[groups];
        for (var g = 0; g < groups; g++)
        {
            scores[g] = score([.. order.Where((_, i) => i % groups != g)]);
        }

        var mean = scores.Average();
        return Math.Sqrt((groups - 1.0) / groups * scores.Sum(s => (s - mean) * (s - mean)));
    }
}

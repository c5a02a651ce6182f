namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>What something gains on rows that it was not learned from, and whether that may be chance.</summary>
/// <param name="Gain">Mean over the rows.</param>
/// <param name="StandardErrors">The mean, in standard errors of it; not a number when no row says anything.</param>
internal readonly record struct Evidence(double Gain, double StandardErrors)
{
    /// <summary>Of one gain a row.</summary>
    public static Evidence Of(IReadOnlyCollection<double> gains)
    {
        double sum = 0, squares = 0;
        foreach (var gain in gains)
        {
            sum += gain;
            squares += gain * gain;
        }

        var mean = sum / gains.Count;
        return new Evidence(mean, mean / Math.Sqrt((squares / gains.Count - mean * mean) / gains.Count));
    }
}

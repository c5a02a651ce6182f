namespace SynthStudio.Evaluation.Distribution;

/// <summary>Distances of the columns' distributions, 0 being equal.</summary>
/// <param name="Wasserstein">One a column: how far, as a share of training's range, values must move on average; null for categories.</param>
/// <param name="JensenShannon">One a column: Jensen-Shannon distance over bins, 0 to 1.</param>
/// <param name="WassersteinError">Standard error of the mean; null without a numerical column, or when it was not asked for.</param>
/// <param name="JensenShannonError">Standard error of the mean; null when it was not asked for.</param>
internal sealed record DistributionResult(
    double?[] Wasserstein, double[] JensenShannon, double? WassersteinError = null, double? JensenShannonError = null)
{
    /// <summary>Mean over the numerical columns; null without one.</summary>
    public double? WassersteinMean => Wasserstein.Average();

    public double JensenShannonMean => JensenShannon.Average();
}

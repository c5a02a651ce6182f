namespace SynthStudio.Evaluation.Trend;

/// <summary>How alike the dependence between columns is, 0 to 1. Undefined pairs are in <see cref="Pairs"/> without a score.</summary>
internal sealed record TrendResult(PairTrend[] Pairs)
{
    /// <summary>Mean score with own bins; null without a defined pair.</summary>
    public double? Mean => Pairs.Average(pair => pair.Own);

    /// <summary>Mean score with shared bins; null without a defined pair.</summary>
    public double? SharedMean => Pairs.Average(pair => pair.Shared);

    /// <summary>Mean score with own bins over the associated pairs; null when there are none.</summary>
    public double? ThresholdedMean => Pairs.Where(pair => pair.IsStrong).Average(pair => pair.Own);
}

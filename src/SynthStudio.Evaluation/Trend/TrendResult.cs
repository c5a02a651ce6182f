namespace SynthStudio.Evaluation.Trend;

/// <summary>How alike the dependence between columns is, 0 to 1. Undefined pairs are in <see cref="Pairs"/> without a score.</summary>
/// <param name="Pairs">Every pair that was looked at.</param>
/// <param name="Errors">Standard errors of the means; null when they were not asked for.</param>
internal sealed record TrendResult(PairTrend[] Pairs, TrendErrors? Errors = null)
{
    /// <summary>Mean score with own bins; null without a defined pair.</summary>
    public double? Mean => Pairs.Average(pair => pair.Own);

    /// <summary>Mean score with shared bins; null without a defined pair.</summary>
    public double? SharedMean => Pairs.Average(pair => pair.Shared);

    /// <summary>Mean score with own bins over the associated pairs; null when there are none.</summary>
    public double? ThresholdedMean => Pairs.Where(pair => pair.IsStrong).Average(pair => pair.Own);

    /// <summary>Mean score with shared bins over the associated pairs; null when there are none.</summary>
    public double? SharedThresholdedMean => Pairs.Where(pair => pair.IsStrong).Average(pair => pair.Shared);

    /// <summary>
    /// Mean difference of the associations (correlations, Cramér's V), an undefined one in the
    /// other table being 0; null without a defined pair.
    /// </summary>
    public double? AssociationDifference =>
        Pairs.Where(pair => pair.Association is not null)
            .Average(pair => (double?)Math.Abs(pair.Association!.Value - (pair.OtherAssociation ?? 0)));
}

/// <summary>Standard errors of means over pairs; null without a defined pair.</summary>
/// <param name="Shared">Shared bins.</param>
/// <param name="SharedThresholded">Shared bins, associated pairs.</param>
/// <param name="Association">Difference of the associations.</param>
internal sealed record TrendErrors(double? Shared, double? SharedThresholded, double? Association);

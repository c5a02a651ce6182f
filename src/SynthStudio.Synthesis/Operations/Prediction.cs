namespace SynthStudio.Synthesis.Operations;

/// <summary>The distribution of a column in one row.</summary>
public sealed record Prediction
{
    /// <summary>
    /// By category its probability; of an ordered category, and of numbers, dates and times that are all single values, by value as the
    /// column spells it, ascending. Empty for other numbers. The same values in all rows. With <see cref="Missing"/> and
    /// <see cref="Other"/> they sum to 1.
    /// </summary>
    public IReadOnlyDictionary<string, double> Categories { get; init; } = new Dictionary<string, double>();

    /// <summary>Probability of all values that are too rare to be named; null where the column has none.</summary>
    public double? Other { get; init; }

    /// <summary>Probability that there is no value.</summary>
    public required double Missing { get; init; }

    /// <summary>
    /// Mean of a number, given that there is one; null for categories, ordered ones too, and where the model has none, as in a row without
    /// what its number is counted from.
    /// </summary>
    public double? Mean { get; init; }

    /// <summary>
    /// Quantiles of a number or of places in an order, given that there is one, in the order asked for; empty for other categories, and where
    /// the model has none.
    /// </summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [];
}

namespace SynthStudio.Synthesis.Operations;

/// <summary>The distribution of a column in one row.</summary>
public sealed record Prediction
{
    /// <summary>By category its probability; empty for numbers.</summary>
    public IReadOnlyDictionary<string, double> Categories { get; init; } = new Dictionary<string, double>();

    /// <summary>Probability that there is no value.</summary>
    public required double Missing { get; init; }

    /// <summary>Mean of a number, given that there is one; null for categories.</summary>
    public double? Mean { get; init; }

    /// <summary>Quantiles of a number, given that there is one, in the order asked for; empty for categories.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [];
}

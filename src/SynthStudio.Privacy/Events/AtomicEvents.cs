namespace SynthStudio.Privacy.Events;

// One record a mechanism. They stand together because each is only its parameters and their ranges.

/// <summary>Gaussian noise of standard deviation <paramref name="NoiseMultiplier"/> times the L2 sensitivity; 0 means no noise.</summary>
public sealed record GaussianEvent(double NoiseMultiplier) : PrivacyEvent
{
    public double NoiseMultiplier { get; } = Ranges.NotNegative(NoiseMultiplier, "noise_multiplier");

    public override string Kind => "gaussian";
}

/// <summary>Integer-valued Gaussian noise; <paramref name="NoiseMultiplier"/> is its parameter sigma over the integer sensitivity 1.</summary>
/// <remarks>At small sigma slightly worse than <see cref="GaussianEvent"/>, and accounted as itself (Canonne, Kamath, Steinke, arXiv:2004.00010).</remarks>
public sealed record DiscreteGaussianEvent(double NoiseMultiplier) : PrivacyEvent
{
    public double NoiseMultiplier { get; } = Ranges.Positive(NoiseMultiplier, "noise_multiplier");

    public override string Kind => "discrete_gaussian";
}

/// <summary>Laplace noise of scale <paramref name="NoiseMultiplier"/> times the L1 sensitivity: pure 1/multiplier-DP.</summary>
public sealed record LaplaceEvent(double NoiseMultiplier) : PrivacyEvent
{
    public double NoiseMultiplier { get; } = Ranges.Positive(NoiseMultiplier, "noise_multiplier");

    public override string Kind => "laplace";
}

/// <summary>Selection with probability proportional to exp(epsilon score / (2 sensitivity)).</summary>
public sealed record ExponentialMechanismEvent(double Epsilon) : PrivacyEvent
{
    public double Epsilon { get; } = Ranges.NotNegative(Epsilon, "epsilon");

    public override string Kind => "exponential_mechanism";
}

/// <summary>A black box of which only (epsilon, delta) is known.</summary>
public sealed record ApproximateDpEvent(double Epsilon, double Delta) : PrivacyEvent
{
    public double Epsilon { get; } = Ranges.NotNegative(Epsilon, "epsilon");

    public double Delta { get; } = Ranges.Probability(Delta, "delta");

    public override string Kind => "approximate_dp";
}

/// <summary>A black box of which only rho-zCDP is known (Bun, Steinke, arXiv:1605.02065).</summary>
public sealed record ZeroConcentratedEvent(double Rho) : PrivacyEvent
{
    public double Rho { get; } = Ranges.NotNegative(Rho, "rho");

    public override string Kind => "zcdp";
}

/// <summary>A release without any protection.</summary>
public sealed record NonPrivateEvent : PrivacyEvent
{
    public override string Kind => "non_private";
}

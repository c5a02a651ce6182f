namespace SynthStudio.Privacy.Events;

/// <summary>A mechanism that sees each record with probability <paramref name="SampleRate"/>, independently (Poisson sampling).</summary>
/// <param name="SampleRate">0 to 1.</param>
/// <param name="Mechanism">Gaussian, discrete Gaussian, Laplace or approximate-DP.</param>
public sealed record PoissonSampledEvent(double SampleRate, PrivacyEvent Mechanism) : PrivacyEvent
{
    public double SampleRate { get; } = Ranges.Probability(SampleRate, "sample_rate");

    public PrivacyEvent Mechanism { get; } = Mechanism is GaussianEvent or DiscreteGaussianEvent or LaplaceEvent or ApproximateDpEvent
        ? Mechanism
        : throw new PrivacyException(PrivacyError.UnsupportedEvent, $"Poisson sampling of '{Mechanism.Kind}' is not accounted for.", Mechanism.Kind);

    public override string Kind => $"poisson_{Mechanism.Kind}";
}

/// <summary>
/// One step of Poisson-sampled Gaussian noise when the protected unit owns up to <paramref name="MaxRecords"/> records: with B of them in
/// the batch, B binomial(MaxRecords, SampleRate), the sum moves by at most B (a mixture of Gaussians).
/// </summary>
/// <param name="NoiseMultiplier">Standard deviation over the sensitivity of one record.</param>
/// <param name="SampleRate">Probability of each record to be in the batch.</param>
/// <param name="MaxRecords">At least 1.</param>
public sealed record UserLevelSampledGaussianEvent(double NoiseMultiplier, double SampleRate, int MaxRecords) : PrivacyEvent
{
    public double NoiseMultiplier { get; } = Ranges.Positive(NoiseMultiplier, "noise_multiplier");

    public double SampleRate { get; } = Ranges.Probability(SampleRate, "sample_rate");

    public int MaxRecords { get; } = (int)PrivacyException.Demand(MaxRecords, MaxRecords is >= 1 and <= 1000, "max_records", "1 to 1000");

    public override string Kind => "user_level_sampled_gaussian";
}

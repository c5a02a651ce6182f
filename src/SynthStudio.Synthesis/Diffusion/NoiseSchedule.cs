namespace SynthStudio.Synthesis.Diffusion;

/// <summary>
/// How much noise there is at time t, 0 (none) to 1 (nothing but noise): scalars have a deviation after Karras et al. (arXiv:2206.00364, eq. 5),
/// symbols are masked with probability t (arXiv:2406.07524). Both on one clock, as in TabDiff (arXiv:2410.20626).
/// </summary>
internal static class NoiseSchedule
{
    /// <summary>Deviation of a scalar within its mode: alpha is (value - mean) / (4 deviations), the network sees it times 4.</summary>
    public const float ScalarScale = 4;

    private const double Least = 0.002, Most = 80, Rho = 7;

    /// <summary>Smallest time in training: with nothing masked there is nothing to learn.</summary>
    public const double Earliest = 0.01;

    /// <summary>Deviation of the noise.</summary>
    public static double Sigma(double t) =>
        Math.Pow(Math.Pow(Least, 1 / Rho) + t * (Math.Pow(Most, 1 / Rho) - Math.Pow(Least, 1 / Rho)), Rho);

    /// <summary>What the network sees of time: log sigma and sines and cosines of t.</summary>
    public static void Features(double t, Span<float> features)
    {
        features[0] = (float)(Math.Log(Sigma(t)) / 4);
        for (var k = 1; 2 * k < features.Length; k++)
        {
            features[2 * k - 1] = (float)Math.Sin(Math.PI * k * t);
            features[2 * k] = (float)Math.Cos(Math.PI * k * t);
        }
    }
}

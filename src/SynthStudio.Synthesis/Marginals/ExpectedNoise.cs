namespace SynthStudio.Synthesis.Marginals;

/// <summary>What measuring a table is worth.</summary>
internal static class ExpectedNoise
{
    /// <summary>How much of the noise's L1 norm is left after fitting: negative counts and what other tables say take away about half.</summary>
    private const double Left = 0.5;

    /// <summary>
    /// L1 error of a measured table of <paramref name="cells"/> cells with noise of standard deviation
    /// <paramref name="deviation"/>, after fitting.
    /// </summary>
    public static double Of(double deviation, double cells) => Left * Math.Sqrt(2 / Math.PI) * deviation * cells;

    /// <summary>How much nearer to the data a model comes by measuring a table that is <paramref name="distance"/> off now.</summary>
    public static double Gain(double distance, double deviation, double cells) => distance - Of(deviation, cells);
}

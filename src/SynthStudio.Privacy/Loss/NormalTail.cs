using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Loss;

/// <summary>How much of a normal distribution's tails is left out of a table, and taken for a certain loss.</summary>
internal static class NormalTail
{
    private const double LogProbability = -50;

    /// <summary>Probability beyond the quantile on both sides together.</summary>
    public static readonly double Probability = Math.Exp(LogProbability);

    /// <summary>In standard deviations, about 9.8.</summary>
    public static readonly double Quantile = -Normal.QuantileOfLog(LogProbability - Math.Log(2));
}

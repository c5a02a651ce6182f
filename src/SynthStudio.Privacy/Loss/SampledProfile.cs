using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Loss;

/// <summary>
/// A symmetric mechanism behind Poisson sampling (Balle, Barthe, Gaboardi, arXiv:1807.01647; both directions after Zhu, Dong, Wang,
/// arXiv:2106.08567): removing, q delta(log(1 + (e^epsilon - 1) / q)); adding, c delta(log(q e^epsilon / c)) with c = 1 - (1 - q) e^epsilon.
/// </summary>
internal sealed class SampledProfile(PrivacyProfile mechanism, double q, Adjacency adjacency) : PrivacyProfile
{
    private readonly double _least = LogMath.Log1P(q * LogMath.Expm1(mechanism.LeastLoss));
    private readonly double _greatest = mechanism.GreatestLoss > 700
        ? mechanism.GreatestLoss + Math.Log(q)
        : LogMath.Log1P(q * LogMath.Expm1(mechanism.GreatestLoss));

    public override double LeastLoss => adjacency == Adjacency.Remove ? _least : -_greatest;

    public override double GreatestLoss => adjacency == Adjacency.Remove ? _greatest : -_least;

    public override double Delta(double epsilon) => adjacency == Adjacency.Remove ? Removing(epsilon) : Adding(epsilon);

    private double Removing(double epsilon)
    {
        if (epsilon <= LogMath.Log1P(-q)) return -LogMath.Expm1(epsilon);
        var inner = epsilon > 700 ? epsilon - Math.Log(q) : LogMath.Log1P(LogMath.Expm1(epsilon) / q);
        return q * mechanism.Delta(inner);
    }

    private double Adding(double epsilon)
    {
        if (epsilon >= -LogMath.Log1P(-q)) return 0;
        var kept = 1 - (1 - q) * Math.Exp(epsilon);
        return kept * mechanism.Delta(-LogMath.Log1P(LogMath.Expm1(-epsilon) / q)); // e^-inner = (e^-epsilon - (1 - q)) / q
    }
}

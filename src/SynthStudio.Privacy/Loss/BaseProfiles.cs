using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Loss;

// The mechanisms whose curve is the same in both directions.

/// <summary>Laplace noise of scale <paramref name="scale"/> for sensitivity 1.</summary>
internal sealed class LaplaceProfile(double scale) : PrivacyProfile
{
    public override double GreatestLoss => 1 / scale;

    public override double LeastLoss => -1 / scale;

    public override double Delta(double epsilon) =>
        epsilon >= 1 / scale ? 0 : epsilon <= -1 / scale ? -LogMath.Expm1(epsilon) : -LogMath.Expm1(0.5 * (epsilon - 1 / scale));
}

/// <summary>
/// The worst case of an (epsilon, delta) black box (Kairouz, Oh, Viswanath, arXiv:1311.0776): randomized response that fails openly
/// with probability delta.
/// </summary>
internal sealed class ApproximateDpProfile(double boxEpsilon, double boxDelta) : PrivacyProfile
{
    public override double GreatestLoss => boxEpsilon;

    public override double LeastLoss => -boxEpsilon;

    public override double Delta(double epsilon) => boxDelta + (1 - boxDelta) * Response(epsilon);

    private double Response(double epsilon) =>
        epsilon >= boxEpsilon ? 0
        : epsilon <= -boxEpsilon ? -LogMath.Expm1(epsilon)
        : -LogMath.Expm1(epsilon - boxEpsilon) / (1 + Math.Exp(-boxEpsilon));
}

/// <summary>Integer Gaussian noise of parameter sigma for sensitivity 1: P(k) is proportional to exp(-k^2 / (2 sigma^2)).</summary>
internal sealed class DiscreteGaussianProfile : PrivacyProfile
{
    private readonly double _sigma;
    private readonly int _reach;
    private readonly double[] _below; // _below[i]: probability of a value of at most i - _reach

    public DiscreteGaussianProfile(double sigma)
    {
        _sigma = sigma;
        _reach = (int)Math.Ceiling(NormalTail.Quantile * sigma) + 2;
        _below = new double[2 * _reach + 1];
        var sum = 0.0;
        for (var k = -_reach; k <= _reach; k++) _below[k + _reach] = sum += Math.Exp(-0.5 * k / sigma * k / sigma);
        for (var i = 0; i < _below.Length; i++) _below[i] /= sum;
    }

    public override double GreatestLoss => Loss(-_reach);

    public override double LeastLoss => -GreatestLoss;

    /// <summary>Loss of the outcome k when P is centred at 0 and Q at 1.</summary>
    private double Loss(int k) => (0.5 - k) / (_sigma * _sigma);

    /// <summary>P(k at most t) - e^epsilon Q(k at most t), at the greatest t whose loss is above epsilon.</summary>
    public override double Delta(double epsilon)
    {
        var t = (int)Math.Clamp(Math.Ceiling(0.5 - epsilon * _sigma * _sigma) - 1, -_reach - 1, _reach + 1);
        return Math.Max(0, Below(t) - Math.Exp(epsilon) * Below(t - 1));
    }

    private double Below(int k) => k < -_reach ? 0 : k > _reach ? 1 : _below[k + _reach];
}

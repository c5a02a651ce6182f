using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Loss;

/// <summary>
/// The user-level sampled Gaussian: P = sum_j w_j N(j, sigma^2) with binomial weights w, so log r(z) = log sum_j w_j exp((2 j z - j^2) / (2 sigma^2)).
/// </summary>
internal sealed class MixtureRatio : DensityRatio
{
    private readonly double[] _logWeights;

    public MixtureRatio(UserLevelSampledGaussianEvent e)
        : base(e.NoiseMultiplier, e.MaxRecords)
    {
        var n = e.MaxRecords;
        _logWeights = new double[n + 1];
        for (var j = 0; j <= n; j++)
        {
            _logWeights[j] = MathNet.Numerics.SpecialFunctions.BinomialLn(n, j)
                + (j == 0 ? 0 : j * Math.Log(e.SampleRate))
                + (j == n ? 0 : (n - j) * LogMath.Log1P(-e.SampleRate));
        }
    }

    public override double LogRatio(double z) => Evaluate(z).Loss;

    /// <summary>By Newton's method from the right: log r is convex, and its last term alone lies below it.</summary>
    public override double Inverse(double loss)
    {
        if (loss <= _logWeights[0]) return double.NegativeInfinity;
        var z = 0.5 * MaxShift + Sigma * Sigma * (loss - _logWeights[^1]) / MaxShift;
        for (var i = 0; i < 200; i++)
        {
            var (value, slope) = Evaluate(z);
            var step = (value - loss) / slope;
            z -= step;
            if (step <= 1e-14 * (1 + Math.Abs(z))) break;
        }

        return z;
    }

    /// <summary>log r(z) and its derivative, the mean of j / sigma^2 under the mixture's posterior.</summary>
    private (double Loss, double Slope) Evaluate(double z)
    {
        var variance = Sigma * Sigma;
        var greatest = double.NegativeInfinity;
        for (var j = 0; j < _logWeights.Length; j++) greatest = Math.Max(greatest, Term(j));
        double sum = 0, moment = 0;
        for (var j = 0; j < _logWeights.Length; j++)
        {
            var weight = Math.Exp(Term(j) - greatest);
            sum += weight;
            moment += j * weight;
        }

        return (greatest + Math.Log(sum), moment / (sum * variance));

        double Term(int j) => _logWeights[j] + j * (2 * z - j) / (2 * variance);
    }
}

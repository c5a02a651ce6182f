namespace SynthStudio.Privacy.Noise;

/// <summary>
/// Whole-number Gaussian noise: P(k) proportional to exp(-k^2 / (2 sigma^2)), exactly (Canonne, Kamath, Steinke, arXiv:2004.00010, algorithm 3).
/// Added to counts of L2 sensitivity 1 it is 1/(2 sigma^2)-zCDP; there is no floating-point result whose digits could betray the input.
/// </summary>
public sealed class DiscreteGaussian
{
    private const double GreatestSigma = 1 << 20;

    private readonly UInt128 _a; // sigma = a / b
    private readonly UInt128 _b;
    private readonly UInt128 _t;
    private readonly DiscreteLaplace _laplace;

    /// <param name="sigma">Above 0 and at most 2^20; rounded up to a multiple of 2^-10, of 1 from 1024 on.</param>
    /// <exception cref="PrivacyException">Sigma is out of range.</exception>
    public DiscreteGaussian(double sigma)
    {
        PrivacyException.Demand(sigma, sigma > 0 && sigma <= GreatestSigma, "sigma", "above 0 and at most 2^20");
        var rounded = Rational.AtLeast(sigma, sigma < 1024 ? 10 : 0);
        (_a, _b) = (rounded.Numerator, rounded.Denominator);
        _t = rounded.Whole + 1;
        _laplace = new DiscreteLaplace(new Rational(_t, 1));
    }

    /// <summary>The parameter after rounding: what is to be accounted for.</summary>
    public double Sigma => (double)_a / (double)_b;

    /// <summary>One draw: Laplace of scale t, kept with probability exp(-(|y| - sigma^2 / t)^2 / (2 sigma^2)).</summary>
    public long Sample(SecureBits bits)
    {
        var (a2, b2) = (_a * _a, _b * _b);
        while (true)
        {
            var y = _laplace.Sample(bits);
            var left = checked((UInt128)Math.Abs(y) * _t * b2); // |y| and sigma^2 / t, both times t b^2
            var distance = left > a2 ? left - a2 : a2 - left;
            var gamma = Reduced(distance, _t * _b * _a); // distance^2 / (2 (t a b)^2)
            if (gamma is { } kept && ExactBernoulli.OfExpMinus(kept, bits)) return y;
        }
    }

    /// <summary>(n / d)^2 / 2 in lowest terms; null when it is above 2,000, so that a coin of probability exp(-2000) may be taken for a failure.</summary>
    /// <remarks>e^-2000 is below 2^-2800: no attacker can tell the difference in the lifetime of anything.</remarks>
    private static Rational? Reduced(UInt128 n, UInt128 d)
    {
        if (n / d >= 63) return null;
        var divisor = GreatestCommonDivisor(n, d);
        (n, d) = (n / divisor, d / divisor);
        return new Rational(checked(n * n), checked(2 * d * d));
    }

    private static UInt128 GreatestCommonDivisor(UInt128 a, UInt128 b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}

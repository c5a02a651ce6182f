namespace SynthStudio.Privacy.Noise;

/// <summary>Whole-number Laplace noise: P(k) proportional to exp(-|k| / scale), exactly (Canonne, Kamath, Steinke, algorithm 2).</summary>
public sealed class DiscreteLaplace
{
    private const int ScaleBits = 20;

    private readonly UInt128 _s; // scale = t / s
    private readonly UInt128 _t;

    /// <param name="scale">Above 0 and at most 2^40; rounded up to a multiple of 2^-20.</param>
    /// <exception cref="PrivacyException">The scale is out of range.</exception>
    public DiscreteLaplace(double scale)
        : this(Rational.AtLeast(PrivacyException.Demand(scale, scale > 0 && scale <= Math.Pow(2, 40), "scale", "above 0 and at most 2^40"), ScaleBits))
    {
    }

    internal DiscreteLaplace(Rational scale) => (_t, _s) = (scale.Numerator, scale.Denominator);

    /// <summary>One draw.</summary>
    public long Sample(SecureBits bits)
    {
        while (true)
        {
            var u = bits.Below(_t);
            if (!ExactBernoulli.OfExpMinus(new Rational(u, _t), bits)) continue;
            UInt128 v = 0;
            while (ExactBernoulli.OfExpMinus(new Rational(1, 1), bits)) v++;
            var magnitude = (u + _t * v) / _s;
            var negative = bits.Below(2) == 1;
            if (negative && magnitude == 0) continue; // 0 must not come twice as often
            return negative ? -(long)magnitude : (long)magnitude;
        }
    }
}

namespace SynthStudio.Privacy.Noise;

/// <summary>Coins whose probabilities are exact, from uniform whole numbers alone (Canonne, Kamath, Steinke, arXiv:2004.00010, algorithm 1).</summary>
internal static class ExactBernoulli
{
    /// <summary>True with probability p, at most 1.</summary>
    public static bool Of(Rational p, SecureBits bits) => bits.Below(p.Denominator) < p.Numerator;

    /// <summary>True with probability exp(-gamma), gamma of 0 or more.</summary>
    public static bool OfExpMinus(Rational gamma, SecureBits bits)
    {
        var whole = gamma.Whole;
        for (UInt128 i = 0; i < whole; i++)
        {
            if (!OfExpMinusFraction(new Rational(1, 1), bits)) return false;
        }

        return OfExpMinusFraction(new Rational(gamma.Numerator - whole * gamma.Denominator, gamma.Denominator), bits);
    }

    /// <summary>For gamma from 0 to 1: the first k with a failed coin of probability gamma / k is odd with probability exp(-gamma).</summary>
    private static bool OfExpMinusFraction(Rational gamma, SecureBits bits)
    {
        UInt128 k = 1;
        while (Of(new Rational(gamma.Numerator, checked(gamma.Denominator * k)), bits)) k++;
        return UInt128.IsOddInteger(k);
    }
}

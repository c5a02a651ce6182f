namespace SynthStudio.Privacy.Numerics;

/// <summary>Sums and differences of numbers given by their natural logarithms.</summary>
internal static class LogMath
{
    /// <summary>log(e^a + e^b).</summary>
    public static double Add(double a, double b)
    {
        if (double.IsNegativeInfinity(a)) return b;
        if (double.IsNegativeInfinity(b)) return a;
        var greater = Math.Max(a, b);
        return double.IsPositiveInfinity(greater) ? greater : greater + Log1P(Math.Exp(Math.Min(a, b) - greater));
    }

    /// <summary>log of the sum of e^t over all terms; minus infinity for none.</summary>
    public static double Sum(ReadOnlySpan<double> terms)
    {
        var greatest = double.NegativeInfinity;
        foreach (var term in terms) greatest = Math.Max(greatest, term);
        if (double.IsInfinity(greatest)) return greatest;
        var sum = 0.0;
        foreach (var term in terms) sum += Math.Exp(term - greatest);
        return greatest + Math.Log(sum);
    }

    /// <summary>log(1 + x) without loss of precision near 0 (Kahan's correction); x above -1.</summary>
    public static double Log1P(double x)
    {
        var u = 1 + x;
        if (u == 1) return x;
        return double.IsInfinity(u) ? Math.Log(u) : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>e^x - 1 without loss of precision near 0.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) < 1e-5) return x * (1 + x / 2 * (1 + x / 3));
        if (Math.Abs(x) > 0.5) return Math.Exp(x) - 1;
        var half = Math.Tanh(x / 2); // e^x - 1 = 2 t / (1 - t), t = tanh(x / 2)
        return 2 * half / (1 - half);
    }

    /// <summary>log(1 - e^x) for x of 0 or less.</summary>
    public static double Log1MExp(double x) => x > -0.6931471805599453 ? Math.Log(-Expm1(x)) : Log1P(-Math.Exp(x));
}

using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Concentrated;

/// <summary>From rho-zCDP to (epsilon, delta) and back (Canonne, Kamath, Steinke, arXiv:2004.00010, corollary 13).</summary>
public static class ZeroConcentrated
{
    /// <summary>Delta at <paramref name="epsilon"/>: min over alpha of exp((alpha - 1)(alpha rho - epsilon) + alpha log(1 - 1/alpha)) / (alpha - 1).</summary>
    public static double Delta(double rho, double epsilon)
    {
        Ranges.NotNegative(rho, "rho");
        Ranges.NotNegative(epsilon, "epsilon");
        if (rho == 0) return 0;
        double low = 1.01, high = (epsilon + 1) / (2 * rho) + 2;
        for (var i = 0; i < 200; i++)
        {
            var middle = 0.5 * (low + high);
            if ((2 * middle - 1) * rho - epsilon + LogMath.Log1P(-1 / middle) < 0) low = middle;
            else high = middle;
        }

        var alpha = high;
        return Math.Min(1, Math.Exp((alpha - 1) * (alpha * rho - epsilon) + alpha * LogMath.Log1P(-1 / alpha)) / (alpha - 1));
    }

    /// <summary>The smallest epsilon at <paramref name="delta"/>, rounded to the feasible side.</summary>
    public static double Epsilon(double rho, double delta)
    {
        Ranges.NotNegative(rho, "rho");
        Ranges.OpenProbability(delta, "delta");
        if (rho == 0) return 0;
        double low = 0, high = rho + 2 * Math.Sqrt(rho * Math.Log(1 / delta));
        for (var i = 0; i < 200; i++)
        {
            var middle = 0.5 * (low + high);
            if (Delta(rho, middle) <= delta) high = middle;
            else low = middle;
        }

        return high;
    }

    /// <summary>The greatest rho that is (<paramref name="epsilon"/>, <paramref name="delta"/>)-DP, rounded to the feasible side.</summary>
    public static double Rho(double epsilon, double delta)
    {
        Ranges.NotNegative(epsilon, "epsilon");
        Ranges.OpenProbability(delta, "delta");
        double low = 0, high = epsilon + 1;
        for (var i = 0; i < 200; i++)
        {
            var middle = 0.5 * (low + high);
            if (Delta(middle, epsilon) <= delta) low = middle;
            else high = middle;
        }

        return low;
    }
}

using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Renyi;

/// <summary>Rényi-DP of everything that happened, at a fixed grid of orders; curves of different events add up.</summary>
public sealed class RdpCurve
{
    /// <summary>1.1 to 10.9 by tenths, 11 to 63, then 128, 256, 512, 1024.</summary>
    public static IReadOnlyList<double> DefaultOrders { get; } =
        [.. Enumerable.Range(1, 99).Select(i => 1 + i / 10.0), .. Enumerable.Range(11, 53).Select(i => (double)i), 128, 256, 512, 1024];

    /// <param name="orders">Each above 1.</param>
    /// <param name="values">Rényi divergence bound at each order, 0 or more.</param>
    public RdpCurve(IReadOnlyList<double> orders, IReadOnlyList<double> values)
    {
        if (orders.Count != values.Count || orders.Count == 0)
            throw new PrivacyException(PrivacyError.ParameterOutOfRange, "A Rényi curve needs as many values as orders, at least one.", "orders");
        foreach (var order in orders) PrivacyException.Demand(order, order > 1, "order", "above 1");
        foreach (var value in values) PrivacyException.Demand(value, value >= 0, "rdp", "0 or more");
        Orders = orders;
        Values = values;
    }

    public IReadOnlyList<double> Orders { get; }

    public IReadOnlyList<double> Values { get; }

    /// <summary>The smallest epsilon at <paramref name="delta"/> that any order proves, with that order.</summary>
    /// <remarks>Canonne, Kamath, Steinke, arXiv:2004.00010, proposition 12; 0 where the Bretagnolle-Huber bound on total variation is below delta.</remarks>
    public (double Epsilon, double Order) Epsilon(double delta)
    {
        Ranges.OpenProbability(delta, "delta");
        var best = (Epsilon: double.PositiveInfinity, Order: double.NaN);
        for (var i = 0; i < Orders.Count; i++)
        {
            var (alpha, rdp) = (Orders[i], Values[i]);
            if (alpha <= 1.01 || !double.IsFinite(rdp)) continue;
            var epsilon = delta * delta + LogMath.Expm1(-rdp) > 0
                ? 0
                : Math.Max(0, rdp + LogMath.Log1P(-1 / alpha) - Math.Log(delta * alpha) / (alpha - 1));
            if (epsilon < best.Epsilon) best = (epsilon, alpha);
        }

        return best;
    }

    /// <summary>The smallest delta at <paramref name="epsilon"/> that any order proves.</summary>
    public double Delta(double epsilon)
    {
        Ranges.NotNegative(epsilon, "epsilon");
        var best = 0.0; // log delta
        for (var i = 0; i < Orders.Count; i++)
        {
            var (alpha, rdp) = (Orders[i], Values[i]);
            if (alpha <= 1.01 || !double.IsFinite(rdp)) continue;
            if (rdp == 0) return 0;
            var total = 0.5 * LogMath.Log1MExp(-rdp);
            var converted = (alpha - 1) * (rdp - epsilon + LogMath.Log1P(-1 / alpha)) - Math.Log(alpha);
            best = Math.Min(best, Math.Min(total, converted));
        }

        return Math.Exp(best);
    }
}

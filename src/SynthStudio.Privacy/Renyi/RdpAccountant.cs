using SynthStudio.Privacy.Events;

namespace SynthStudio.Privacy.Renyi;

/// <summary>Accounts by Rényi-DP (Mironov, arXiv:1702.07476). Valid under fully adaptive composition, so it can gate a ledger.</summary>
/// <param name="orders">Orders above 1; null takes <see cref="RdpCurve.DefaultOrders"/>.</param>
public sealed class RdpAccountant(IReadOnlyList<double>? orders = null) : IPrivacyAccountant
{
    private readonly IReadOnlyList<double> _orders = orders ?? RdpCurve.DefaultOrders;

    public string Name => "rdp";

    public double Epsilon(PrivacyEvent privacyEvent, double delta)
    {
        Ranges.OpenProbability(delta, "delta");
        var left = delta - BlackBoxDelta(privacyEvent);
        return left > 0 ? Curve(privacyEvent).Epsilon(left).Epsilon : double.PositiveInfinity;
    }

    public double Delta(PrivacyEvent privacyEvent, double epsilon) =>
        Math.Min(1, Curve(privacyEvent).Delta(epsilon) + BlackBoxDelta(privacyEvent));

    /// <summary>The Rényi curve of everything in <paramref name="privacyEvent"/>; what black boxes leave to chance is not in it.</summary>
    /// <exception cref="PrivacyException">An event is of a kind it has no bound for.</exception>
    public RdpCurve Curve(PrivacyEvent privacyEvent)
    {
        var values = new double[_orders.Count];
        foreach (var (e, count) in PrivacyEvents.Flatten(privacyEvent))
        {
            for (var i = 0; i < values.Length; i++) values[i] += count * RenyiDivergence.Of(e, _orders[i]);
        }

        return new RdpCurve(_orders, values);
    }

    /// <summary>The deltas of (epsilon, delta) black boxes, which add up beside the curve.</summary>
    internal static double BlackBoxDelta(PrivacyEvent privacyEvent) => PrivacyEvents.Flatten(privacyEvent).Sum(e => e.Event switch
    {
        ApproximateDpEvent box => e.Count * box.Delta,
        PoissonSampledEvent { SampleRate: 1, Mechanism: ApproximateDpEvent box } => e.Count * box.Delta,
        _ => 0,
    });
}

using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Renyi;

namespace SynthStudio.Privacy.Ledger;

/// <summary>What an event adds to a ledger.</summary>
/// <param name="Curve">Its Rényi divergence at <see cref="RdpCurve.DefaultOrders"/>.</param>
/// <param name="AttoDelta">The delta that black boxes in it leave beside the curve, in units of 1e-18, rounded up.</param>
public sealed record EventPrice(IReadOnlyList<double> Curve, long AttoDelta)
{
    /// <summary>Makes the values a little larger than computed: quadrature errs by less than 1e-12 of the value.</summary>
    private const double Inflation = 1 + 1e-9;

    /// <exception cref="PrivacyException">The event has no Rényi bound.</exception>
    public static EventPrice Of(PrivacyEvent privacyEvent)
    {
        var curve = new RdpAccountant().Curve(privacyEvent).Values;
        var boxes = RdpAccountant.BlackBoxDelta(privacyEvent);
        return new EventPrice([.. curve.Select(v => v * Inflation)], boxes >= 1 ? long.MaxValue / 4 : (long)Math.Ceiling(boxes * 1e18));
    }
}

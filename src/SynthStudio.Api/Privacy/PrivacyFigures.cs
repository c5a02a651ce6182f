using SynthStudio.Privacy;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Renyi;

namespace SynthStudio.Api.Privacy;

/// <summary>What events come to: by privacy loss distributions, or by Rényi divergence where an event has none.</summary>
/// <param name="Accountant">Who computed it.</param>
/// <param name="EpsilonAtDelta">Epsilon at several deltas.</param>
/// <param name="Attack">The most an attacker can reach: share of members found at each share of others accused falsely.</param>
internal sealed record PrivacyFigures(
    string Accountant, IReadOnlyList<(double Delta, double Epsilon)> EpsilonAtDelta, IReadOnlyList<(double FalsePositives, double TruePositives)> Attack)
{
    private static readonly double[] Deltas = [1e-5, 1e-6, 1e-9];
    private static readonly double[] FalsePositiveRates = [0.001, 0.01, 0.1];

    /// <summary>Computes them. Takes up to seconds.</summary>
    public static PrivacyFigures Of(PrivacyEvent spent, double delta)
    {
        var deltas = Deltas.Append(delta).Distinct().OrderDescending().ToList();
        try
        {
            var pld = new PldAccountant();
            return new PrivacyFigures(
                pld.Name, [.. deltas.Select(d => (d, pld.Epsilon(spent, d)))], [.. FalsePositiveRates.Select(f => (f, pld.TruePositiveRate(spent, f)))]);
        }
        catch (PrivacyException e) when (e.Error is PrivacyError.UnsupportedEvent or PrivacyError.LossTooLarge)
        {
            var rdp = new RdpAccountant();
            var curve = rdp.Curve(spent);
            return new PrivacyFigures(
                rdp.Name, [.. deltas.Select(d => (d, rdp.Epsilon(spent, d)))], [.. FalsePositiveRates.Select(f => (f, TruePositives(curve, f)))]);
        }
    }

    /// <summary>The least over epsilon of e^epsilon FPR + delta(epsilon).</summary>
    private static double TruePositives(RdpCurve curve, double falsePositives) =>
        Enumerable.Range(0, 2001).Min(i => Math.Min(1, Math.Exp(i * 0.01) * falsePositives + curve.Delta(i * 0.01)));
}

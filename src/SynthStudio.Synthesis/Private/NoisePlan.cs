using SynthStudio.Privacy;
using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Concentrated;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// How a budget is spent, decided before the data are looked at: a fixed number of releases at a fixed noise for every phase. What is measured
/// may depend on earlier outcomes, how much noise it gets may not, so that the plan's privacy loss distribution is exact.
/// </summary>
internal sealed class NoisePlan
{
    private NoisePlan(IReadOnlyDictionary<string, NoiseLevel> levels, ComposedEvent events) => (Levels, Events) = (levels, events);

    /// <summary>The noise of each phase.</summary>
    public IReadOnlyDictionary<string, NoiseLevel> Levels { get; }

    /// <summary>Everything the plan releases.</summary>
    public ComposedEvent Events { get; }

    /// <summary>The plan with the least noise that keeps the terms.</summary>
    /// <param name="terms">The promise.</param>
    /// <param name="phases">Name, releases and share of the budget (of 1 over the noise's variance, all releases together) of each; shares add up to 1.</param>
    /// <param name="thresholdDelta">What thresholds that decide which values exist add to delta; see <see cref="CategoryThreshold"/>.</param>
    /// <exception cref="PrivacyException">No noise keeps the terms.</exception>
    public static NoisePlan For(
        PrivacyTerms terms, IReadOnlyList<(string Name, long Releases, double Share)> phases, double thresholdDelta = 0)
    {
        var (epsilon, delta) = (terms.Epsilon * (1 - LatticeGaussian.EpsilonReserve), terms.Delta * (1 - LatticeGaussian.DeltaReserve));
        return At(
            NoiseCalibration.NoiseMultiplier(
                scale => At(scale, terms, phases, thresholdDelta).Events, PrivacySpending.Prices, epsilon, delta),
            terms, phases, thresholdDelta);
    }

    /// <summary>
    /// The plan of a part of a budget whose rest is calibrated afterwards, to what this really costs: by zero-concentrated privacy, which
    /// asks for a little too much noise.
    /// </summary>
    /// <param name="terms">The promise.</param>
    /// <param name="phases">As above; shares add up to the part.</param>
    /// <param name="thresholdDelta">As above.</param>
    public static NoisePlan ForPart(PrivacyTerms terms, IReadOnlyList<(string Name, long Releases, double Share)> phases, double thresholdDelta = 0) =>
        At(1, terms, phases, thresholdDelta);

    // The scale is in units of the noise that zero-concentrated privacy asks for: what suffices lies little below 1.
    private static NoisePlan At(
        double scale, PrivacyTerms terms, IReadOnlyList<(string Name, long Releases, double Share)> phases, double thresholdDelta)
    {
        var unit = scale / Math.Sqrt(2 * ZeroConcentrated.Rho(terms.Epsilon, terms.Delta));
        var levels = phases.Where(p => p.Releases > 0)
            .ToDictionary(p => p.Name, p => new NoiseLevel(unit * Math.Sqrt(p.Releases / p.Share), terms.MaxRowsPerUnit));
        var events = phases.Where(p => p.Releases > 0).Select(p => (PrivacyEvent)levels[p.Name].Event.Times(p.Releases));
        return new NoisePlan(levels, new ComposedEvent(
            [.. events, .. thresholdDelta > 0 ? [new ApproximateDpEvent(0, thresholdDelta)] : Array.Empty<PrivacyEvent>()]));
    }
}

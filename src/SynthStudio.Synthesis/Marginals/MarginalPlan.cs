using SynthStudio.Privacy;
using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Concentrated;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Renyi;
using SynthStudio.Synthesis.Private;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>
/// How a budget is spent, decided before the data are looked at: a fixed number of releases at a fixed noise for every phase. What is measured
/// may depend on earlier outcomes, how much noise it gets may not, so that the plan's privacy loss distribution is exact.
/// </summary>
internal sealed class MarginalPlan
{
    private MarginalPlan(IReadOnlyDictionary<string, NoiseLevel> levels, ComposedEvent events) => (Levels, Events) = (levels, events);

    /// <summary>The noise of each phase.</summary>
    public IReadOnlyDictionary<string, NoiseLevel> Levels { get; }

    /// <summary>Everything the plan releases.</summary>
    public ComposedEvent Events { get; }

    /// <summary>The plan with the least noise that keeps the terms.</summary>
    /// <param name="terms">The promise.</param>
    /// <param name="phases">Name, releases and share of the budget (of 1 over the noise's variance, all releases together) of each; shares add up to 1.</param>
    /// <exception cref="PrivacyException">No noise keeps the terms.</exception>
    public static MarginalPlan For(PrivacyTerms terms, IReadOnlyList<(string Name, long Releases, double Share)> phases)
    {
        // In units of the noise that zero-concentrated privacy asks for: the answer lies little below 1.
        var unit = 1 / Math.Sqrt(2 * ZeroConcentrated.Rho(terms.Epsilon, terms.Delta));
        IPrivacyAccountant accountant = terms.MaxRowsPerUnit == 1 ? new PldAccountant() : new RdpAccountant();
        return At(NoiseCalibration.NoiseMultiplier(scale => At(scale).Events, accountant, terms.Epsilon, terms.Delta));

        MarginalPlan At(double scale)
        {
            var levels = phases.Where(p => p.Releases > 0).ToDictionary(p => p.Name, p => new NoiseLevel(scale * unit * Math.Sqrt(p.Releases / p.Share), terms.MaxRowsPerUnit));
            return new MarginalPlan(levels, new ComposedEvent([.. phases.Where(p => p.Releases > 0).Select(p => levels[p.Name].Event.Times(p.Releases))]));
        }
    }
}

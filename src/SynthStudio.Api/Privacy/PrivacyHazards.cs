using SynthStudio.Catalog;

namespace SynthStudio.Api.Privacy;

/// <summary>
/// The hazards that NIST SP 800-226 warns of, each with what can be shown for this release. A status is met, partly or open: where our evidence
/// ends, it says so.
/// </summary>
internal static class PrivacyHazards
{
    private const string Met = "met", Partly = "partly", Open = "open";

    public static IReadOnlyList<PrivacyHazard> Of(PrivacyStatement statement, PrivacyFigures figures, DatasetBudget budget)
    {
        var attack = figures.Attack.First(a => a.FalsePositives == 0.01);
        return
        [
            new("A large epsilon may promise nothing", statement.Epsilon <= 5 ? Met : statement.Epsilon <= 20 ? Partly : Open,
                FormattableString.Invariant($"Epsilon is {statement.Epsilon:G4}. At 1 % false accusations an attacker with every other row at hand finds at most {100 * attack.TruePositives:G3} % of the members.")),
            new("(epsilon, delta) hides how the promise fails, and cannot be compared at another delta", Met,
                $"The events themselves are published, with epsilon at {figures.EpsilonAtDelta.Count} deltas by the {figures.Accountant} accountant: anyone can account for them again."),
            statement.Unit == "row"
                ? new("The unit of privacy may not be the person", Open,
                    "The unit is a row. That every person has one row is the owner's statement; nothing here enforces it.")
                : new("The unit of privacy may not be the person", Met,
                    $"The unit is all rows with the same '{statement.Unit}', at most {statement.MaxRowsPerUnit} of which were used; the others were left out by chance."),
            new("Other releases from the same data add up", budget.Badge == PrivacyBadge.NotGuaranteed ? Open : Met,
                budget.Badge == PrivacyBadge.NotGuaranteed
                    ? $"{budget.Populations.Max(p => p.NonPrivateReleases)} releases without any protection are on record for the same people: no promise covers those."
                    : FormattableString.Invariant($"Every release from these people is in one hash-chained ledger over {budget.Populations.SelectMany(p => p.Datasets).Distinct().Count()} data sets; epsilon {budget.Tightest.SpentEpsilon:G4} of {budget.Tightest.Budget?.Epsilon ?? 0:G4} is spent or reserved.")),
            .. budget.Populations.SelectMany(p => p.Partitions).Select(d => new PrivacyHazard("Parts that are paid for side by side may share people",
                d.Partition.Column == statement.Unit ? Met : Partly,
                $"{d.Dataset} is divided by '{d.Partition.Column}'; a training sees the rows of its part alone, and no row is in two. {(d.Partition.Column == statement.Unit ? "That is the unit's column: all rows of a unit are in one part." : "That nobody has rows in two is the owner's statement.")}")),
            new("Bounds, bins and categories taken from the data leak", Met,
                $"Kinds, bounds and categories are declared ({statement.Declared.Count} statements) or bought from the budget ({statement.Bought.Count}); a training that would have to look is refused."),
            new("Random numbers that can be guessed undo the noise", Met,
                "Noise, sampling of rows and selection draw from the operating system's generator; a seed reaches none of them, and an analyzer forbids any other source."),
            new("Floating-point noise leaks through its last bits", Met, "Noise is drawn on integers by exact samplers (Canonne, Kamath, Steinke 2020), and added on a grid."),
            new("An implementation of one's own may be wrong", Partly,
                "Accountants are tested against published values and other libraries, mechanisms by audits that planted faults turn red. No outside expert has reviewed the code."),
            new("Budgets are overspent by crashes, retries and restored backups", Met,
                "A price is reserved durably before a worker reads the table, and stays spent once it has; repeats charge nothing; an older copy of the ledger is noticed and refused."),
            new("Clipping, rounding and noise harm small groups most", Open,
                "Not measured here: an error by group would itself have to be paid for. Compare the synthetic rows with what is publicly known of small groups."),
            new("Running time, memory and error texts tell of the data", Partly,
                "Losses, row counts and scores of a private training are withheld. The time and memory that a training takes are visible to members of the project, and not covered."),
            new("Who runs the service sees the data", Open,
                "This is the central model: the operator of the server and of its disks is trusted. Access is by project membership, and every release is on record."),
        ];
    }
}

/// <summary>A hazard and what can be shown.</summary>
/// <param name="Hazard">What may go wrong.</param>
/// <param name="Status">met, partly or open.</param>
/// <param name="Evidence">What can be shown for this release.</param>
internal sealed record PrivacyHazard(string Hazard, string Status, string Evidence);

using System.Globalization;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Privacy;

/// <summary>
/// What this release can contribute where a law or standard asks. Statements with their evidence; whether they
/// suffice is for whoever must answer for it.
/// </summary>
internal static class PrivacyRegulations
{
    public const string Disclaimer =
        "None of these is a finding that a law or standard is complied with: that depends on purpose, contracts, and the rest of the processing. They say what can be shown.";

    public static IReadOnlyList<PrivacyRegulation> Of(PrivacyStatement statement, PrivacyFigures figures, DatasetBudget budget)
    {
        var promise = string.Create(CultureInfo.InvariantCulture, $"epsilon {statement.Epsilon:G4} at delta {statement.Delta:G3} for {Unit(statement)}");
        var attack = figures.Attack.First(a => a.FalsePositives == 0.01).TruePositives;
        return
        [
            new("GDPR, recital 26 (identifiability), article 25 (data protection by design)",
                $"The model and all rows drawn from it are bounded by {promise}. Legal anonymity does not follow from that alone.",
                ["events", "epsilon_at_delta", "attacker"]),
            new("GDPR, article 5(2) and 30 (accountability, records)",
                "Every release from the same people is recorded with time, actor and price, in a ledger that can only be added to.",
                [.. budget.Populations.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name}, {p.Sequence} events"))]),
            new("HIPAA, 45 CFR 164.514(b)(1) (expert determination)",
                string.Create(CultureInfo.InvariantCulture, $"An expert can rely on a worst-case figure: at 1 % false positives at most {100 * attack:G3} % true positives, whatever else the attacker knows. The determination itself is the expert's."),
                ["attacker", "hazards"]),
            new("CCPA/CPRA, 1798.140(m) (deidentified)",
                $"The technical part, that rows cannot reasonably be linked to a person, is bounded by {promise}. The public commitment and the contracts are the business's.",
                ["events"]),
            new("SOC 2, confidentiality and privacy criteria",
                "Access by project membership, budgets set by owners, an append-only record of releases. Controls outside of this software are not in it.",
                ["ledger"]),
        ];
    }

    private static string Unit(PrivacyStatement statement) => statement.Unit == "row" ? "single rows" : $"all rows of one '{statement.Unit}'";
}

/// <summary>What can be said to a regime, and where its evidence is.</summary>
/// <param name="Regime">The law or standard, with the place.</param>
/// <param name="Statement">What can be shown.</param>
/// <param name="Evidence">Parts of this report, or ledgers.</param>
internal sealed record PrivacyRegulation(string Regime, string Statement, IReadOnlyList<string> Evidence);

using System.Globalization;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Registry;
using SynthStudio.Assistant.Facts;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Assistant;

/// <summary>
/// All that a draft on a generator may tell: its model card's facts, its data set's budget where it has one
/// here, and the project's data policy.
/// </summary>
internal sealed class StoredFacts(ModelCards cards, PrivacyLedger ledger, DataPolicyStore policies)
{
    /// <summary>Who people are leaves for no language model.</summary>
    private static readonly HashSet<string> Persons = new(StringComparer.Ordinal) { "generator.creator" };

    public async Task<FactSheet> CollectAsync(GeneratorSnapshot generator, CancellationToken cancellation)
    {
        var facts = new FactSheet();
        facts.AddAll(await cards.MakeAsync(generator, cancellation), generator.Name, Persons);
        if (generator.Definition.Dataset.Length > 0) await AddBudgetAsync(facts, generator.Definition.Dataset, cancellation);
        var project = ResourceName.Root(generator.Name);
        facts.Add("policy.real_rows_are_shown_to", (await policies.FindAsync(project, cancellation)).ToString().ToLowerInvariant(), project);
        return facts;
    }

    private async Task AddBudgetAsync(FactSheet facts, string dataset, CancellationToken cancellation)
    {
        var budget = await ledger.GetBudgetAsync(dataset, cancellation);
        if (budget.Populations.Count > 0)
        {
            facts.Add("budget.epsilon", Number(budget.Tightest.Budget?.Epsilon), dataset);
            facts.Add("budget.spent_epsilon", Number(budget.Tightest.SpentEpsilon), dataset);
        }

        facts.Add("budget.badge", budget.Badge.ToString(), dataset);
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "not set";
}

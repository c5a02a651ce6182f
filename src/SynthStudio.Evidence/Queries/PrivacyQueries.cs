using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence.Queries;

/// <summary>What is promised to the people in the tables, what was spent of it, and what attacks found.</summary>
public static class PrivacyQueries
{
    /// <summary>NIST SP 800-226: up to about 5 a promise says much, up to about 20 something, beyond that little.</summary>
    private const double StrongEpsilon = 5, WeakEpsilon = 20;

    private const string NoModel = "There is no model.";

    public static FactQuery Promise { get; } = new("promise", "What do the models promise to every person in the tables?", facts =>
    {
        var models = facts.Models.ToList();
        if (models.Count == 0) return Answer.NotApplicable(NoModel);
        var found = new List<Fact>();
        var gaps = new List<string>();
        foreach (var model in models)
        {
            if (model.IsDeclared)
            {
                found.Add(new Fact($"{model.Label} read no data: its rows are made from a declaration.", model.Source));
                continue;
            }

            if (model.Promise is not { } promise)
            {
                gaps.Add(model.Origin is { } origin
                    ? $"{model.Label} was {origin.Label}: {(origin.ClaimedEpsilon is { } claimed ? $"its package claims an epsilon of {Wording.Number(claimed)}, which is" : "its package claims no promise, and nothing of it is")} not accounted for by this server."
                    : $"{model.Label} was trained without differential privacy: nothing bounds what it tells of single persons.");
                continue;
            }

            var attacker = promise.AttackerTruePositives is { } share ? $" An attacker who knows every other row finds at most {Wording.Percent(share)} of the members at 1 % false accusations." : "";
            found.Add(new Fact(
                $"{model.Label}: epsilon {Wording.Number(promise.Epsilon)} at delta {Wording.Number(promise.Delta)} for {Unit(promise)}"
                + $"{(promise.Accountant is { } accountant ? $", {accountant} accountant" : "")}.{attacker}",
                model.Source));
            if (promise.Epsilon > WeakEpsilon) gaps.Add($"{model.Label}: an epsilon of {Wording.Number(promise.Epsilon)} promises little.");
            else if (promise.Epsilon > StrongEpsilon) gaps.Add($"{model.Label}: an epsilon of {Wording.Number(promise.Epsilon)} is a middling promise.");
        }

        return Answer.Of(found, gaps);
    });

    public static FactQuery UnitOfPrivacy { get; } = new("unit-of-privacy", "Is it persons that the promise protects?", facts =>
    {
        var promised = facts.Models.Where(g => g.Promise is not null).ToList();
        if (promised.Count == 0) return Answer.NotApplicable("No model promises anything.");
        return Answer.Of(
            [.. promised.Select(g => new Fact($"{g.Label} protects {Unit(g.Promise!)}; neighbouring tables: {g.Promise!.Neighbouring.Replace('_', ' ')}.", g.Source))],
            [.. promised.Where(g => g.Promise!.Unit == "row").Select(g => $"{g.Label} protects rows: that every person has one row is the owner's statement, not a stored fact.")]);
    });

    public static FactQuery Budget { get; } = new("budget", "Is there a budget for what may be told of the people, and is it kept?", facts =>
    {
        var budgets = facts.Datasets.SelectMany(d => d.Budgets.Select(b => (Table: d, Budget: b))).ToList();
        if (budgets.Count == 0) return Answer.NotApplicable("There is no real table.");
        return Answer.Of(
            [
                .. budgets.Where(b => b.Budget.Epsilon is not null).Select(b => new Fact(
                    $"{b.Table.Label}: epsilon {Wording.Number(b.Budget.SpentEpsilon ?? double.PositiveInfinity)} of {Wording.Number(b.Budget.Epsilon!.Value)} at delta {Wording.Number(b.Budget.Delta ?? 0)} is spent or reserved.",
                    new FactSource($"{b.Table.Name}/privacyBudget"))),
            ],
            [.. budgets.Where(b => b.Budget.Epsilon is null).Select(b => $"{b.Table.Label}: its owner has set no budget.")]);
    });

    public static FactQuery Releases { get; } = new("releases", "Is everything on record that was told of the people?", facts =>
    {
        var budgets = facts.Datasets.SelectMany(d => d.Budgets.Select(b => (Table: d, Budget: b))).ToList();
        if (budgets.Count == 0) return Answer.NotApplicable("There is no real table.");
        return Answer.Of(
            [
                .. budgets.Select(b => new Fact(
                    $"{b.Table.Label}: {Wording.Count(b.Budget.PrivateReleases, "release")} under a promise and {b.Budget.NonPrivateReleases} without noise, in {Wording.Count(b.Budget.Events, "line")} of a hash-chained ledger.",
                    new FactSource($"{b.Table.Name}/privacyBudget"))),
            ],
            [
                .. budgets.Where(b => b.Budget.NonPrivateReleases > 0).Select(b =>
                    $"{b.Table.Label}: {Wording.Count(b.Budget.NonPrivateReleases, "release")} (profiles, reports, models without terms) told of the table without noise; no promise covers {(b.Budget.NonPrivateReleases == 1 ? "it" : "them")}."),
            ]);
    });

    public static FactQuery SinglingOut { get; } = Attack("singling-out", "Can a person be singled out by the synthetic rows?", "singling_out");

    public static FactQuery Linkability { get; } = Attack("linkability", "Can records of one person be linked by the synthetic rows?", "linkability");

    public static FactQuery Inference { get; } = Attack("inference", "Can attributes of a person be inferred from the synthetic rows?", "inference", "attribute_disclosure");

    public static FactQuery Membership { get; } = new("membership", "Can it be told from the synthetic rows who was in the real table?", facts =>
        Judge(facts, e => e.Tests.Where(t => t.Measure.StartsWith("membership", StringComparison.Ordinal)), Describe));

    public static FactQuery Attacks { get; } = new("attacks", "Were the synthetic rows attacked, and what came of it?", facts =>
        Judge(facts, e => e.WasAttacked ? e.Tests : [], (evaluation, tests) =>
        [
            new Fact(
                $"{evaluation.Label}: {Wording.Count(evaluation.Attacks.Count, "attack")} and {Wording.Count(tests.Count, "measure")} with a test, {tests.Count(t => t.IsAlarm)} of which raised an alarm. That says nothing of attacks that were not tried.",
                evaluation.Source),
        ]));

    public static FactQuery Copies { get; } = new("copies", "Are real rows copied into the synthetic ones?", facts =>
        Judge(facts, e => e.Tests.Where(t => t.Measure.EndsWith("_copies", StringComparison.Ordinal)), Describe));

    /// <summary>An attack by the name that reports give it: how it went, and whether its test raised an alarm.</summary>
    private static FactQuery Attack(string id, string question, params string[] attacks) => new(id, question, facts => Judge(
        facts, e => e.Tests.Where(t => attacks.Any(a => t.Measure.StartsWith(a, StringComparison.Ordinal))),
        (evaluation, _) =>
        [
            .. evaluation.Attacks.Where(a => attacks.Contains(a.Attack)).GroupBy(a => a.Attack).Select(tried => (Forms: tried.Count(), Best: tried.MaxBy(a => a.Success - a.Control)!)).Select(tried => new Fact(
                $"{evaluation.Label}, {Words(tried.Best.Attack)}: {Wording.Count(tried.Forms, "form was", "forms were")} tried; the most telling one ({tried.Best.Variant}) succeeds for "
                + $"{Wording.Percent(tried.Best.Success)} of {Wording.Count(tried.Best.Attempts, "attempt")} on persons who were learned and {Wording.Percent(tried.Best.Control)} on others"
                + $"{(tried.Best.BeatsGuessing ? "" : "; it does not beat guessing")}.", evaluation.Source)),
        ]));

    private static IReadOnlyList<Fact> Describe(EvaluationFacts evaluation, IReadOnlyList<TestFacts> tests) =>
        [.. tests.Where(t => !t.IsAlarm).Select(t => new Fact($"{evaluation.Label}, {Words(t.Measure)}: {t.Finding}; no alarm.", evaluation.Source))];

    /// <summary>Over the newest evaluation of each scored table.</summary>
    private static Answer Judge(
        ProjectFacts facts, Func<EvaluationFacts, IEnumerable<TestFacts>> choose, Func<EvaluationFacts, IReadOnlyList<TestFacts>, IReadOnlyList<Fact>> describe)
    {
        if (!facts.Models.Any()) return Answer.NotApplicable(NoModel);
        var found = new List<Fact>();
        var alarms = new List<string>();
        foreach (var evaluation in facts.Evaluations.GroupBy(e => e.Scored).Select(g => g.MaxBy(e => e.Source.Time)!))
        {
            TestFacts[] tests = [.. choose(evaluation)];
            found.AddRange(describe(evaluation, tests).Where(_ => tests.Length > 0 || evaluation.WasAttacked));
            alarms.AddRange(tests.Where(t => t.IsAlarm).Select(t => $"Alarm in {evaluation.Label}, {Words(t.Measure)}: {t.Finding}."));
        }

        return alarms.Count > 0 ? Answer.Gapped(string.Join(" ", alarms), found)
            : found.Count > 0 ? Answer.Supports(found)
            : Answer.NotMeasured("No stored evaluation measured this. One with rows that the generator never saw (a holdout) does.");
    }

    private static string Words(string name) => name.Replace('_', ' ');

    private static string Unit(PromiseFacts promise) => promise.Unit == "row" ? "single rows"
        : $"all rows of one {promise.Unit} (at most {Wording.Count(promise.MaxRowsPerUnit, "row")} of one were used)";
}

using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence.Queries;

/// <summary>What is promised to the people in the tables, what was spent of it, and what attacks found.</summary>
public static class PrivacyQueries
{
    /// <summary>NIST SP 800-226: up to about 5 a promise says much, up to about 20 something, beyond that little.</summary>
    private const double StrongEpsilon = 5, WeakEpsilon = 20;

    private const string NoModel = "There is no model.", OfAnother = "an earlier or unknown model";

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
        Judge(facts, measure => measure.StartsWith("membership", StringComparison.Ordinal), Describe));

    /// <summary>
    /// All measures together; rows that stand in the real table are counted without any attack,
    /// and whoever counts them alone attacked nothing.
    /// </summary>
    public static FactQuery Attacks { get; } = new("attacks", "Were the synthetic rows attacked, and what came of it?", facts =>
        Judge(facts, _ => true, judged =>
        [
            new Fact(
                $"{judged.Evaluation.Label}: {Wording.Count(judged.Attacks.Count, "attack")} and {Wording.Count(judged.Tests.Count, "measure")} with a test, {judged.Tests.Count(t => t.IsAlarm)} of which raised an alarm. That says nothing of attacks that were not tried.",
                judged.Evaluation.Source),
        ], isEnough: measure => measure != "exact_copies"));

    public static FactQuery Copies { get; } = new("copies", "Are real rows copied into the synthetic ones?", facts =>
        Judge(facts, measure => measure.EndsWith("_copies", StringComparison.Ordinal), Describe));

    /// <summary>What of an evaluation is judged by: measures that no newer one of the same rows holds.</summary>
    private sealed record Judged(EvaluationFacts Evaluation, IReadOnlyList<TestFacts> Tests, IReadOnlyList<AttackFacts> Attacks);

    /// <summary>An attack by the name that reports give it: how it went, and whether its test raised an alarm.</summary>
    private static FactQuery Attack(string id, string question, params string[] attacks) => new(id, question, facts => Judge(
        facts, measure => attacks.Any(a => measure.StartsWith(a, StringComparison.Ordinal)),
        judged =>
        [
            .. judged.Attacks.GroupBy(a => a.Attack)
                .Select(tried => (Forms: tried.Count(), Best: tried.MaxBy(a => a.Success - a.Control)!))
                .Select(tried => new Fact(
                    $"{judged.Evaluation.Label}, {Words(tried.Best.Attack)}: {Wording.Count(tried.Forms, "form was", "forms were")} tried; the most telling one ({tried.Best.Variant}) succeeds for "
                    + $"{Wording.Percent(tried.Best.Success)} of {Wording.Count(tried.Best.Attempts, "attempt")} on persons who were learned and {Wording.Percent(tried.Best.Control)} on others"
                    + $"{(tried.Best.BeatsGuessing ? "" : "; it does not beat guessing")}.", judged.Evaluation.Source)),
        ]));

    private static IReadOnlyList<Fact> Describe(Judged judged) =>
        [.. judged.Tests.Where(t => !t.IsAlarm).Select(t => new Fact($"{judged.Evaluation.Label}, {Words(t.Measure)}: {t.Finding}; no alarm.", judged.Evaluation.Source))];

    /// <summary>
    /// Over every model and every table of drawn rows: each measure of a table by the newest evaluation that holds it, so that one that
    /// looked at less hides nothing; an alarm wins, and what was never looked at is missing. What was measured of rows of an earlier model,
    /// or of nobody knows which, or beside a table that the model did not learn, is listed and does not count.
    /// </summary>
    /// <param name="facts">What is stored.</param>
    /// <param name="isOf">Whether a measure answers the question.</param>
    /// <param name="describe">What an evaluation found, in sentences.</param>
    /// <param name="isEnough">Which of these measures answer it by themselves; null for each.</param>
    private static Answer Judge(ProjectFacts facts, Func<string, bool> isOf, Func<Judged, IReadOnlyList<Fact>> describe, Func<string, bool>? isEnough = null)
    {
        if (!facts.Models.Any()) return Answer.NotApplicable(NoModel);
        var (found, alarms) = (new List<Fact>(), new List<string>());
        var measured = facts.Evaluations.Where(e => Measures(e).Any(isOf)).ToLookup(e => facts.IsOfPresentModel(e) && facts.IsBesideLearnedRows(e));
        foreach (var scored in measured[true].GroupBy(e => e.Scored))
        {
            foreach (var judged in Newest(scored, isOf))
            {
                if (isEnough is null || Measures(judged.Evaluation).Any(isEnough)) found.AddRange(describe(judged));
                alarms.AddRange(judged.Tests.Where(t => t.IsAlarm).Select(t => Alarm(judged.Evaluation, t)));
            }
        }

        var listed = measured[false].GroupBy(e => (e.Scored, e.Dataset)).SelectMany(scored => Newest(scored, isOf)).Select(judged => new Fact(
            string.Join(" ", judged.Tests.Where(t => t.IsAlarm).Select(t => Alarm(judged.Evaluation, t)).Prepend($"{WhyNot(facts, judged.Evaluation)} and does not count.")),
            judged.Evaluation.Source)).ToList();
        var answering = measured[true].Where(e => Measures(e).Any(isEnough ?? isOf)).ToList();
        List<string> open =
        [
            .. facts.ModelsInQuestion.Where(m => answering.All(e => e.Generator != m.Name)).Select(m => m.Label),
            .. facts.ReadyRows.Where(facts.IsOfPresentModel).Where(s => answering.All(e => e.Scored != s.Name)).Select(s => s.Label),
        ];
        var earlier = facts.ReadyRows.Where(s => !facts.IsOfPresentModel(s)).Select(s => s.Label).ToList();
        List<string> gaps = [.. alarms];
        if (open.Count > 0) gaps.Add($"No evaluation measured this of {Wording.List(open)}.");
        if (earlier.Count > 0) gaps.Add($"There are rows of {OfAnother}, for which nothing counts that was measured: {Wording.List(earlier)}.");
        return alarms.Count > 0 ? Answer.Gapped(string.Join(" ", gaps), [.. found, .. listed])
            : found.Count == 0 ? Answer.NotMeasured("No stored evaluation measured this of a model that there is now, beside the rows that it learned. One with rows that the generator never saw (a holdout) does.", listed)
            : gaps.Count > 0 ? Answer.Partly(string.Join(" ", gaps), [.. found, .. listed])
            : Answer.Supports([.. found, .. listed]);
    }

    private static string WhyNot(ProjectFacts facts, EvaluationFacts evaluation) => facts.IsOfPresentModel(evaluation)
        ? $"{evaluation.Label} is beside {Labels.Short(evaluation.Dataset)}, which the model is not known to have learned,"
        : $"{evaluation.Label} is of rows of {OfAnother}";

    private static string Alarm(EvaluationFacts evaluation, TestFacts test) => $"Alarm in {evaluation.Label}, {Words(test.Measure)}: {test.Finding}.";

    /// <summary>Each measure of a table by the newest of its evaluations that holds it.</summary>
    private static IEnumerable<Judged> Newest(IEnumerable<EvaluationFacts> evaluations, Func<string, bool> isOf) => evaluations
        .SelectMany(e => Measures(e).Where(isOf).Select(m => (Evaluation: e, Measure: m, Test: e.Tests.FirstOrDefault(t => t.Measure == m))))
        .OrderByDescending(m => m.Evaluation.Source.Time).ThenByDescending(m => m.Test is { IsAlarm: true })
        .DistinctBy(m => m.Measure, StringComparer.Ordinal)
        .GroupBy(m => m.Evaluation)
        .Select(g => new Judged(g.Key, [.. g.Select(m => m.Test).OfType<TestFacts>()], [.. g.Key.Attacks.Where(a => g.Any(m => m.Measure == Measure(a)))]));

    /// <summary>What an evaluation measured: an attack that does not beat guessing has no test, and was tried all the same.</summary>
    private static IEnumerable<string> Measures(EvaluationFacts evaluation) =>
        evaluation.Tests.Select(t => t.Measure).Concat(evaluation.Attacks.Select(Measure)).Distinct(StringComparer.Ordinal);

    /// <summary>By the name that its test has.</summary>
    private static string Measure(AttackFacts attack) => $"{attack.Attack} ({attack.Variant})";

    private static string Words(string name) => name.Replace('_', ' ');

    private static string Unit(PromiseFacts promise) => promise.Unit == "row" ? "single rows"
        : $"all rows of one {promise.Unit} (at most {Wording.Count(promise.MaxRowsPerUnit, "row")} of one were used)";
}

using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Copies;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;
using SynthStudio.Evaluation.Privacy;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Evaluation.Reporting.Verdicts;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>What the privacy measures catch when training rows are put into an otherwise safe table, and that they keep quiet else.</summary>
[TestClass]
public sealed class PlantedLeakTests(TestContext context)
{
    private const int Rows = 3000;

    private static readonly Table Train = People.Make(Rows, 1);
    private static readonly Table Holdout = People.Make(Rows, 2);
    private static readonly Table Safe = People.Make(Rows, 3);

    [TestMethod]
    [DataRow(0.01)]
    [DataRow(0.05)]
    [DataRow(0.2)]
    public void Exact_copies_are_flagged_and_counted_to_a_tenth(double share)
    {
        var report = Attack(Planted.Leak(Safe, Train, share, noise: 0));

        Assert.IsTrue(Caught(report, "exact_copies"));
        Assert.AreEqual(share * Rows, report.Privacy!.Copies.ExactCopies!.Value, 0.1 * share * Rows);
        Assert.IsTrue(report.Privacy.Copies.ExactCopies.Low <= share * Rows && share * Rows <= report.Privacy.Copies.ExactCopies.High);
        var safe = report.Verdict!.Findings.Single(finding => finding.Aspect == VerdictBuilder.Safe);
        Assert.AreEqual(Grade.Poor, safe.Grade);
        Assert.StartsWith("Do not share", report.Verdict.Headline);
    }

    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.2)]
    public void Copies_with_a_little_noise_are_no_exact_matches_but_near_ones(double share)
    {
        var report = Attack(Planted.Leak(Safe, Train, share, noise: 0.002));

        Assert.IsFalse(Caught(report, "exact_copies"));
        Assert.IsTrue(Caught(report, "near_copies"));
        Assert.AreEqual(0.85, report.Privacy!.Copies.NearCopies!.Value / (share * Rows), 0.3); // Those in crowds are missed.
    }

    [TestMethod]
    public void A_fifth_of_copies_is_felt_by_membership_and_linkability_too()
    {
        var report = Attack(Planted.Leak(Safe, Train, 0.2, noise: 0));

        Assert.IsTrue(Caught(report, "membership (distance)"));
        Assert.IsTrue(Caught(report, "membership (density_ratio)"));
        Assert.IsTrue(report.Privacy!.Attacks.Where(attack => attack.Attack == "linkability").Any(attack => attack.Risk.Low > 0));
    }

    [TestMethod]
    public void Copies_of_the_rarest_people_alone_expose_outliers()
    {
        var encoded = TableEncoder.Encode(Train, Train, null).Train;
        var people = new GowerRows(encoded, NumberScale.OfAll(encoded));
        var nearest = new NeighbourSearch(people).Find(people, 5, new ParallelOptions(), [.. Enumerable.Range(0, Rows)]);
        int[] rare = [.. Enumerable.Range(0, Rows).OrderByDescending(row => nearest[row][^1].Distance).Take(150)];
        var rows = new Table(Train.Schema, [.. Train.Columns.Select(column => column.Take(rare))]);

        var report = Attack(Planted.Leak(Safe, rows, 0.05, noise: 0.001), PrivacyAttacks.Full);

        Assert.IsTrue(Caught(report, "outlier_exposure"));
        Assert.IsGreaterThan(report.Privacy!.Outliers!.CommonAuc.Value + 0.05, report.Privacy.Outliers.RareAuc.Value);
    }

    [TestMethod]
    public void A_holdout_passed_off_as_synthetic_raises_no_alarm()
    {
        var report = Attack(Holdout);

        Assert.IsEmpty(report.Privacy!.Tests.Where(test => test.IsAlarm));
        Assert.AreEqual(0, report.Privacy.Copies.ExactCopies!.Value);
    }

    [TestMethod]
    public void Twenty_fresh_tables_raise_at_most_one_alarm()
    {
        var alarms = Enumerable.Range(0, 20).SelectMany(seed =>
        {
            var report = Evaluator.Evaluate(
                People.Make(1000, 100 + seed), People.Make(1000, 200 + seed), People.Make(1000, 300 + seed),
                new EvaluationOptions { Parts = EvaluationParts.Privacy, Seed = seed, MeasureCeiling = false });
            Assert.IsGreaterThan(15, report.Privacy!.Tests.Count);
            return report.Privacy.Tests.Where(test => test.IsAlarm).Select(test => $"{seed}: {test}");
        }).ToArray();

        Assert.IsLessThanOrEqualTo(1, alarms.Length, string.Join(Environment.NewLine, alarms));
    }

    [TestMethod]
    public void The_same_seed_attacks_the_same_way_and_another_one_does_not()
    {
        string Attacks(int seed) => string.Join(
            '|', Evaluator.Evaluate(Train, Safe, Holdout, Options(PrivacyAttacks.Fast) with { Seed = seed }).Privacy!.Attacks);

        Assert.AreEqual(Attacks(5), Attacks(5));
        Assert.AreNotEqual(Attacks(5), Attacks(6));
    }

    [TestMethod]
    public void Without_a_holdout_copies_are_counted_and_every_attack_says_why_it_was_not_run()
    {
        var report = Evaluator.Evaluate(Train, Planted.Leak(Safe, Train, 0.05, 0), null, Options(PrivacyAttacks.Fast));

        Assert.IsGreaterThanOrEqualTo(150, report.Privacy!.Copies.ExactRows);
        Assert.IsNull(report.Privacy.Copies.ExactCopies);
        Assert.IsEmpty(report.Privacy.Attacks);
        string[] attacks = ["near_copies", "singling_out", "linkability", "inference", "attribute_disclosure", "membership", "outlier_exposure"];
        foreach (var attack in attacks)
        {
            Assert.IsTrue(
                report.NotMeasured.Any(
                    missing => missing.Metric == attack && missing.Reason.Contains("no holdout", StringComparison.Ordinal)),
                attack);
        }

        Assert.AreEqual(Grade.Unknown, report.Verdict!.Findings.Single(finding => finding.Aspect == VerdictBuilder.Safe).Grade);
    }

    [TestMethod]
    public void What_is_common_anyway_is_neither_counted_nor_flagged_however_small_the_holdout()
    {
        // Three columns of few values: nearly every fresh row stands in training.
        Table Few(Table table) => new(
            new TableSchema { Columns = [.. table.Schema.Columns.Where(c => c.Name is "city" or "rooms" or "owns")] },
            [table["city"], table["rooms"], table["owns"]]);
        var report = Evaluator.Evaluate(Few(Train), Few(Safe), Few(People.Make(400, 2)), Options(PrivacyAttacks.Fast));

        Assert.IsGreaterThan(0.9 * Rows, report.Privacy!.Copies.ExactRows);
        Assert.IsEmpty(report.Privacy.Tests.Where(test => test.IsAlarm).Select(test => test.ToString()));
        Assert.IsLessThan(0.2 * Rows, report.Privacy.Copies.ExactCopies!.Value);
    }

    [TestMethod]
    public void A_holdout_of_a_tenth_still_counts_exact_copies()
    {
        var report = Evaluator.Evaluate(Train, Planted.Leak(Safe, Train, 0.05, 0), People.Make(Rows / 10, 2), Options(PrivacyAttacks.Fast));

        Assert.IsTrue(Caught(report, "exact_copies"));
        Assert.AreEqual(150, report.Privacy!.Copies.ExactCopies!.Value, 15);
    }

    [TestMethod]
    public void Copies_hidden_among_natural_duplicates_are_counted_by_what_the_holdout_explains()
    {
        // Every third person is one of few kinds, so that real rows repeat; 1 % copies of the others are planted.
        Table WithCommon(Table table, int seed)
        {
            var random = new Random(seed);
            int[] kinds = [.. Enumerable.Range(0, Rows).Select(row => row % 3 == 0 ? random.Next(400) : -1)];
            var common = People.Make(400, 99);
            return Planted.Replace(table, common, kinds);
        }

        var (train, holdout, safe) = (WithCommon(Train, 1), WithCommon(Holdout, 2), WithCommon(Safe, 3));
        CopyResult Copies(Table synthetic) => Evaluator.Evaluate(train, synthetic, holdout, Options(PrivacyAttacks.Fast)).Privacy!.Copies;

        var (quiet, planted) = (Copies(safe), Copies(Planted.Leak(safe, train, 0.01, noise: 0)));

        Assert.IsGreaterThan(900, quiet.ExactRows);
        Assert.IsGreaterThan(0.0025, quiet.ExactPValue!.Value);
        Assert.IsLessThan(0.0025, planted.ExactPValue!.Value);
        Assert.AreEqual(30, planted.ExactCopies!.Value, 10);
        Assert.IsTrue(planted.ExactCopies.Low <= 30 && planted.ExactCopies.High >= 30, planted.ExactCopies.ToString());
    }

    [TestMethod]
    public void Crowds_are_counted_by_the_columns_that_were_named()
    {
        var report = Evaluator.Evaluate(Train, Safe, Holdout, Options(PrivacyAttacks.None) with { QuasiIdentifiers = ["city", "owns"] });

        var crowds = report.Privacy!.Anonymity!;
        Assert.IsFalse(crowds.AreGuessed);
        Assert.AreEqual("rich", crowds.Synthetic.Sensitive);
        var sizes = Enumerable.Range(0, Rows)
            .GroupBy(row => (((CodedColumn)Safe["city"]).Codes[row], ((CodedColumn)Safe["owns"]).Codes[row]))
            .Select(group => group.Count())
            .ToArray();
        Assert.AreEqual(sizes.Min(), crowds.Synthetic.SmallestClass);
        Assert.AreEqual(0, crowds.Synthetic.UniqueShare);
        Assert.AreEqual(2, crowds.Synthetic.LeastDiverse);
    }

    private EvaluationReport Attack(Table synthetic, PrivacyAttacks attacks = PrivacyAttacks.Fast)
    {
        var report = Evaluator.Evaluate(Train, synthetic, Holdout, Options(attacks));
        foreach (var test in report.Privacy!.Tests.Take(10)) context.WriteLine(test.ToString());
        return report;
    }

    private static EvaluationOptions Options(PrivacyAttacks attacks) =>
        new() { Parts = EvaluationParts.Privacy, Attacks = attacks, MeasureCeiling = false };

    private static bool Caught(EvaluationReport report, string measure) =>
        report.Privacy!.Tests.Any((PrivacyTest test) => test.Measure == measure && test.IsAlarm);
}

using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Membership;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>Membership inference by shadow models: what a generator that perturbs its rows gives away, and that fresh rows give nothing away.</summary>
[TestClass]
public sealed class ShadowModelTests(TestContext context)
{
    private const int Rows = 2000;

    private static readonly Table Train = People.Make(Rows, 1);
    private static readonly Table Holdout = People.Make(Rows, 2);

    [TestMethod]
    public void Shadow_models_accuse_more_members_of_a_generator_that_perturbs_its_rows_than_distances_alone()
    {
        var result = Rank(Perturb(Train, Rows, 7));

        Assert.IsLessThan(1e-6, result["shadow_models"].PValue);
        Assert.IsGreaterThan(0.56, result["shadow_models"].Auc.Value);
        Assert.IsGreaterThan(2 * result["distance"].TruePositiveRate.Value, result["shadow_models"].TruePositiveRate.Value);
    }

    [TestMethod]
    public void Fresh_rows_tell_no_members()
    {
        var result = Rank(People.Make(Rows, 3));

        Assert.IsGreaterThan(0.001, result["shadow_models"].PValue);
        Assert.AreEqual(0.5, result["shadow_models"].Auc.Value, 0.04);
    }

    [TestMethod]
    public void Where_everybody_stands_in_every_table_nobody_is_told_a_member()
    {
        // 184 people, 92 on each side: the mean of as many equal logarithms is exactly each of them.
        const int few = 92;
        ColumnSchema[] columns = [new() { Name = "a", Kind = ColumnKind.Categorical }, new() { Name = "b", Kind = ColumnKind.Categorical }];
        var table = new Table(new TableSchema { Columns = columns }, [
            new CodedColumn(columns[0], [.. Enumerable.Range(0, few).Select(i => i % 3)], ["x", "y", "z"]),
            new CodedColumn(columns[1], [.. Enumerable.Range(0, few).Select(i => i / 3 % 2)], ["no", "yes"]),
        ]);

        var report = Evaluator.Evaluate(table, table, table, Options(new ShadowModels("same", 4, (_, _, _) => [table])));

        var ranking = report.Privacy!.Membership.Single(attack => attack.Attack == "shadow_models");
        Assert.AreEqual(0.5, ranking.Auc.Value, 1e-12);
        Assert.AreEqual(1, ranking.PValue, 1e-12);
    }

    [TestMethod]
    public void Shadow_models_that_nobody_asked_for_are_not_measured_and_the_report_says_why()
    {
        var report = Evaluator.Evaluate(Train, Holdout, People.Make(Rows, 4), Options(null));

        Assert.IsNull(report.Privacy!.Shadows);
        Assert.IsTrue(report.NotMeasured.Any(missing => missing is { Metric: "membership (shadow models)" } && missing.Reason.Contains("not asked for", StringComparison.Ordinal)));
    }

    private Dictionary<string, MembershipResult> Rank(Table synthetic)
    {
        var report = Evaluator.Evaluate(Train, synthetic, Holdout, Options(new ShadowModels("perturb", 8, (table, rows, seed) => [Perturb(table, rows, seed)])));
        Assert.AreEqual(new ShadowFacts("perturb", 8, Rows, Rows), report.Privacy!.Shadows);
        foreach (var ranking in report.Privacy.Membership) context.WriteLine(ranking.ToString());
        return report.Privacy.Membership.ToDictionary(ranking => ranking.Attack);
    }

    private static EvaluationOptions Options(ShadowModels? shadows) =>
        new() { Parts = EvaluationParts.Privacy, Attacks = PrivacyAttacks.Fast, MeasureCeiling = false, Shadows = shadows };

    /// <summary>Rows of the table with a tenth of a range of noise on every number: no copies, but no secrets either.</summary>
    private static Table Perturb(Table table, int rows, int seed)
    {
        var random = new Random(seed);
        int[] places = [.. Enumerable.Range(0, rows).Select(_ => random.Next(table.RowCount))];
        var safe = table.Take(places);
        return new Table(safe.Schema, [.. safe.Columns.Select(column =>
        {
            if (column is not NumericColumn numbers) return column;
            var present = ((NumericColumn)table[column.Name]).Values.Where(v => !double.IsNaN(v)).ToArray();
            var noise = 0.1 * (present.Max() - present.Min());
            return (Column)new NumericColumn(column.Schema, Array.ConvertAll(numbers.Values, v => v + (noise * ((2 * random.NextDouble()) - 1))));
        })]);
    }
}

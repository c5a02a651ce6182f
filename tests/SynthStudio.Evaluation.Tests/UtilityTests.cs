using SynthStudio.Evaluation.Reporting;
using SynthStudio.Evaluation.Reporting.Verdicts;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

[TestClass]
public sealed class UtilityTests
{
    private const int Rows = 2000;

    private static readonly Table Train = People.Make(Rows, 1);
    private static readonly Table Holdout = People.Make(Rows, 2);
    private static readonly Table Fresh = People.Make(Rows, 3);

    [TestMethod]
    public void Several_targets_of_every_kind_are_predicted_by_trees_and_linearly()
    {
        var report = Score(Fresh, "rooms", "income");

        CollectionAssert.AreEqual(new[] { "rich", "rooms", "income" }, report.Utility.Select(target => target.Target).ToArray());
        CollectionAssert.AreEqual(new[] { "AUC", "macro-F1", "R2" }, report.Utility.Select(target => target.Measure).ToArray());
        foreach (var target in report.Utility)
        {
            Assert.HasCount(5, target.Models);
            foreach (var model in target.Models)
            {
                Assert.IsNotNull(model.Score, $"{target.Target}, {model.Model}, {model.LearnedFrom}: {model.Reason}");
                Assert.IsTrue(model.Score.Low < model.Score.Value && model.Score.Value < model.Score.High);
            }

            Assert.IsGreaterThan(0.5, target.ImportanceAgreement!.Value);
            Assert.AreEqual(1, target.Features.Sum(feature => feature.Synthetic), 1e-9);
        }

        Assert.AreEqual(2 * Rows, report.Utility[0].Models.Single(model => model.LearnedFrom == "training and synthetic").Rows);
        Assert.AreEqual(report.Metrics.Tstr, report.Utility[0].Models.Single(model => model is { Model: "boosted trees", LearnedFrom: "synthetic" }).Score!.Value);
    }

    [TestMethod]
    public void A_linear_model_finds_what_is_linear()
    {
        var random = new Random(3);
        var schema = new TableSchema
        {
            Columns =
            [
                new() { Name = "x", Kind = ColumnKind.Decimal }, new() { Name = "group", Kind = ColumnKind.Categorical },
                new() { Name = "y", Kind = ColumnKind.Decimal },
            ],
            Target = "y",
            Task = LearningTask.Regression,
        };
        Table Make()
        {
            var x = Enumerable.Range(0, 400).Select(_ => random.NextDouble()).ToArray();
            var group = x.Select(_ => random.Next(2)).ToArray();
            var y = x.Zip(group, (a, g) => (3 * a) + (2 * g) - 1).ToArray();
            return new Table(
                schema,
                [
                    new NumericColumn(schema.Columns[0], x), new CodedColumn(schema.Columns[1], group, ["a", "b"]),
                    new NumericColumn(schema.Columns[2], y),
                ]);
        }

        var report = Evaluator.Evaluate(Make(), Make(), Make(), new EvaluationOptions { Parts = EvaluationParts.Utility });

        Assert.IsGreaterThan(0.99, report.Utility[0].Models.Single(model => model is { Model: "linear", LearnedFrom: "training" }).Score!.Value);
    }

    [TestMethod]
    public void A_target_that_one_row_alone_has_another_value_of_is_scored_with_an_interval()
    {
        var schema = new TableSchema
        {
            Columns = [new() { Name = "x", Kind = ColumnKind.Decimal }, new() { Name = "claim", Kind = ColumnKind.Decimal }],
            Target = "claim", Task = LearningTask.Regression,
        };
        Table Make(int claims) => new(schema, [
            new NumericColumn(schema.Columns[0], [.. Enumerable.Range(0, 120).Select(i => i % 7 + 0.5)]),
            new NumericColumn(schema.Columns[1], [.. Enumerable.Range(0, 120).Select(i => i < claims ? 1_000.0 + i : 0)]),
        ]);

        var report = Evaluator.Evaluate(Make(10), Make(12), Make(1), new EvaluationOptions { Parts = EvaluationParts.Utility });

        foreach (var model in report.Utility[0].Models)
            Assert.IsTrue(double.IsFinite(model.Score!.Value) && double.IsFinite(model.Score.Low) && double.IsFinite(model.Score.High), $"{model}");
    }

    [TestMethod]
    public void Models_of_shuffled_columns_go_by_other_columns_and_add_nothing()
    {
        var target = Score(People.ShuffleColumns(Train, 4)).Utility[0];
        double Of(string from) => target.Models.Single(model => model.Model == "boosted trees" && model.LearnedFrom == from).Score!.Value;

        Assert.IsLessThan(Of("training") - 0.2, Of("synthetic"));
        Assert.IsLessThan(Of("training"), Of("training and synthetic"));
    }

    [TestMethod]
    public void A_gap_between_groups_that_the_synthetic_table_widens_is_found()
    {
        var (owns, rich) = ((CodedColumn)Fresh["owns"], (CodedColumn)Fresh["rich"]);
        var codes = owns.Codes.Zip(rich.Codes, (owner, code) => owner == 1 ? 1 : code).ToArray();
        var report = Evaluator.Evaluate(
            Train, People.With(Fresh, People.Codes("rich", codes, rich.Values)), Holdout,
            new EvaluationOptions { Parts = EvaluationParts.Utility, ProtectedColumns = ["owns"] });

        var result = report.Fairness.Single();
        Assert.AreEqual(("owns", "rich", "yes", false), (result.Column, result.Target, result.Favoured, result.IsGuessed));
        var owners = result.Groups.Single(group => group.Group == "true");
        Assert.AreEqual(1, owners.RateSynthetic!.Value);
        Assert.IsLessThan(0.9, owners.RateTraining!.High);
        Assert.IsGreaterThan(result.RateGapTraining!.Value, result.RateGapSynthetic!.Value);
        Assert.IsNotNull(result.ScoreGapSynthetic);
        Assert.AreEqual(Grade.Poor, report.Verdict!.Findings.Single(finding => finding.Aspect == VerdictBuilder.Fair).Grade);
    }

    [TestMethod]
    public void A_column_that_is_not_there_is_refused_by_name_before_anything_is_measured()
    {
        foreach (var options in new EvaluationOptions[] { new() { Targets = ["gone"] }, new() { QuasiIdentifiers = ["gone"] }, new() { ProtectedColumns = ["gone"] } })
        {
            var refused = Assert.Throws<TableException>(() => Evaluator.Evaluate(Train, Fresh, Holdout, options));
            Assert.AreEqual((TableError.MissingColumn, "gone"), (refused.Error, refused.Column));
        }
    }

    private static EvaluationReport Score(Table synthetic, params string[] targets) =>
        Evaluator.Evaluate(Train, synthetic, Holdout, new EvaluationOptions { Parts = EvaluationParts.Utility, Targets = targets });
}

using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

[TestClass]
public sealed class FidelityTests
{
    private const int Rows = 2000;
    private const EvaluationParts Parts =
        EvaluationParts.Shape | EvaluationParts.Trend | EvaluationParts.Accuracy | EvaluationParts.Coverage | EvaluationParts.Distribution;

    private static readonly Table Train = People.Make(Rows, 1);
    private static readonly Table Holdout = People.Make(Rows, 2);

    [TestMethod]
    public void Fresh_rows_reach_the_ceiling_in_every_measure_of_likeness()
    {
        var (fresh, ceiling) = (Score(People.Make(Rows, 3)).Metrics, Score(Holdout).Ceiling!);

        Assert.AreEqual(ceiling.Wasserstein!.Value, fresh.Wasserstein!.Value, 0.01);
        Assert.AreEqual(ceiling.JensenShannon!.Value, fresh.JensenShannon!.Value, 0.02);
        Assert.AreEqual(ceiling.CorrelationDifference!.Value, fresh.CorrelationDifference!.Value, 0.02);
        Assert.AreEqual(fresh.QaTrivariateMax!.Value, fresh.QaTrivariate!.Value, 0.02);
        Assert.IsGreaterThan(0.9, fresh.AlphaPrecision!.Value);
        Assert.AreEqual(ceiling.BetaRecall!.Value, fresh.BetaRecall!.Value, 0.05);
        Assert.AreEqual(0.5, fresh.Authenticity!.Value, 0.05);
    }

    [TestMethod]
    public void A_copy_of_training_is_not_authentic() => Assert.IsLessThan(0.01, Score(Train).Metrics.Authenticity!.Value);

    [TestMethod]
    public void Ten_people_repeated_are_precise_and_cover_nothing()
    {
        int[] ten = [.. Enumerable.Range(0, Rows).Select(row => row % 10)];
        var few = Score(new Table(Train.Schema, [.. Holdout.Columns.Select(column => column.Take(ten))])).Metrics;

        Assert.IsLessThan(0.1, few.BetaRecall!.Value);
        Assert.IsLessThan(few.AlphaPrecision!.Value - 0.3, few.BetaRecall!.Value);
    }

    [TestMethod]
    public void Shuffled_columns_lose_their_dependence_and_nothing_else()
    {
        var shuffled = Score(People.ShuffleColumns(Train, 4)).Metrics;

        Assert.AreEqual(0, shuffled.Wasserstein!.Value, 1e-9);
        Assert.AreEqual(0, shuffled.JensenShannon!.Value, 1e-9);
        Assert.IsGreaterThan(0.1, shuffled.CorrelationDifference!.Value);
        Assert.IsLessThan(shuffled.QaTrivariateMax!.Value - 0.1, shuffled.QaTrivariate!.Value);
        Assert.IsLessThan(shuffled.QaBivariate!.Value, shuffled.QaTrivariate!.Value);
        Assert.IsLessThan(shuffled.TrendShared!.Value, shuffled.TrendSharedThresholded!.Value, "Associated pairs lose most.");
    }

    [TestMethod]
    public void A_shifted_column_is_as_far_as_it_was_shifted()
    {
        var ages = ((NumericColumn)Train["age"]).Values;
        var range = ages.Max() - ages.Min();
        var report = Score(People.With(Train, People.Numbers("age", Array.ConvertAll(ages, age => age + (0.1 * range)))));

        Assert.AreEqual(0.1, report.Columns.Single(column => column.Name == "age").Wasserstein!.Value, 1e-9);
        Assert.AreEqual(0, report.Columns.Single(column => column.Name == "income").Wasserstein!.Value, 1e-9);
        Assert.IsNull(report.Columns.Single(column => column.Name == "city").Wasserstein);
    }

    [TestMethod]
    public void A_group_that_alone_is_wrong_stands_out()
    {
        var fresh = People.Make(Rows, 3);
        var city = (CodedColumn)fresh["city"];
        var age = Array.ConvertAll(((NumericColumn)fresh["age"]).Values, v => v);
        for (var row = 0; row < Rows; row++) age[row] = city.Codes[row] == 3 ? 18 : age[row];
        var report = Evaluator.Evaluate(
            Train, People.With(fresh, People.Numbers("age", age)), Holdout, new EvaluationOptions { Parts = EvaluationParts.Subgroups, ProtectedColumns = ["city"] });

        var worst = report.Subgroups.MinBy(group => group.Shape - group.ShapeCeiling)!;
        Assert.AreEqual(city.Values[3], worst.Group);
        Assert.IsLessThan(worst.ShapeCeiling!.Value - 0.1, worst.Shape!.Value);
        Assert.AreEqual(1, report.Subgroups.Sum(group => group.TrainShare), 1e-9);
        Assert.IsLessThan(worst.ShapeCeiling.Value - 0.05, worst.ShapeInterval!.High, "More than chance would do.");
    }

    [TestMethod]
    public void A_single_column_makes_groups_of_nothing()
    {
        Table Cities(Table people) => new(new TableSchema { Columns = [people.Schema.Columns.Single(column => column.Name == "city")] }, [people["city"]]);
        var report = Evaluator.Evaluate(
            Cities(Train), Cities(Holdout), null,
            new EvaluationOptions { Parts = Parts | EvaluationParts.Subgroups, ProtectedColumns = ["city"] });

        Assert.IsEmpty(report.Subgroups);
        Assert.Contains(new NotMeasured("subgroups", "there is only one column"), report.NotMeasured);
        Assert.IsTrue(report.Intervals.ContainsKey("qa_accuracy"));
    }

    private static EvaluationReport Score(Table synthetic) => Evaluator.Evaluate(Train, synthetic, Holdout, new EvaluationOptions { Parts = Parts });
}

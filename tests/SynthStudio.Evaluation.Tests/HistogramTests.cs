using System.Globalization;
using SynthStudio.Evaluation.Histograms;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>Distributions and groups of reports: as exact as they need be, and no value or count of few people.</summary>
[TestClass]
public sealed class HistogramTests
{
    private const int Rows = 2000;

    private static readonly Table Train = People.Make(Rows, 1);

    [TestMethod]
    public void Shares_are_those_of_the_rows_to_five()
    {
        var report = Score(Train, People.Make(Rows, 3));

        foreach (var histogram in report.Histograms)
        {
            Assert.HasCount(histogram.Train.Count + (histogram.IsNumeric ? 1 : 0), histogram.Labels);
            Assert.IsLessThanOrEqualTo(25, histogram.Train.Count);
            Assert.AreEqual(1, histogram.Train.Sum() + histogram.MissingTrain, 2.0 * (histogram.Train.Count + 1) / Rows, histogram.Column);
            Assert.AreEqual(1, histogram.Synthetic.Sum() + histogram.MissingSynthetic, 2.0 * (histogram.Train.Count + 1) / Rows, histogram.Column);
        }

        var ages = ((NumericColumn)Train["age"]).Values;
        var shown = report.Histograms.Single(histogram => histogram.Column == "age");
        Assert.IsGreaterThan(10, shown.Labels.Count);
        var edges = Edges(shown);
        for (var bin = 1; bin + 1 < shown.Train.Count; bin++)
        {
            Assert.AreEqual((double)ages.Count(age => age >= edges[bin] && age < edges[bin + 1]) / Rows, shown.Train[bin], 2.001 / Rows);
        }
    }

    /// <summary>The values have eight digits after the point: an edge at one of them would be taken from it.</summary>
    [TestMethod]
    [DataRow(12)]
    [DataRow(300)]
    [DataRow(1999)]
    public void Edges_are_values_of_nobody(int rows)
    {
        var random = new Random(rows);
        var values = Enumerable.Range(0, rows).Select(_ => Math.Exp(3 * random.NextDouble())).ToArray();

        var shown = Score(Numbers(values), Numbers(values)).Histograms.Single();

        var edges = Edges(shown);
        var width = edges[1] - edges[0];
        Assert.IsFalse(edges.Any(edge => values.Any(value => Math.Abs(value - edge) < 1e-6)));
        foreach (var edge in edges) Assert.AreEqual(Math.Round(edge / width), edge / width, 1e-6, "A round grid.");
        Assert.IsGreaterThanOrEqualTo(5, values.Count(value => value < edges[1]), "The open bins hold several rows.");
        Assert.IsGreaterThanOrEqualTo(5, values.Count(value => value >= edges[^2]));

        // The extremes, and whoever is next to them, are not told.
        var (least, greatest) = (Array.IndexOf(values, values.Min()), Array.IndexOf(values, values.Max()));
        (values[least], values[greatest]) = (-1e9, 1e9);
        CollectionAssert.AreEqual(shown.Labels.ToArray(), Score(Numbers(values), Numbers(values)).Histograms.Single().Labels.ToArray());
    }

    [TestMethod]
    public void Two_rows_cannot_be_told_from_none_nor_three_from_seven()
    {
        (double, double, double) Of(int others, int missing)
        {
            var numbers = Enumerable.Repeat(1.0, 50).Concat(Enumerable.Repeat(2.0, others))
                .Concat(Enumerable.Repeat(3.0, 50)).Concat(Enumerable.Repeat(double.NaN, missing));
            double[] all = [.. numbers, .. Enumerable.Repeat(1.0, 200 - 100 - others - missing)];
            var shown = Score(Numbers(all), Numbers(all), Numbers(all)).Histograms.Single();
            CollectionAssert.AreEqual(new[] { "1", "2", "3", "4" }, shown.Labels.ToArray());
            Assert.AreEqual(shown.Train[1], shown.Holdout![1]);
            return (shown.Train[1], shown.Synthetic[1], shown.MissingTrain);
        }

        for (var few = 0; few <= 2; few++) Assert.AreEqual((0, 0, 0), Of(few, few));
        for (var few = 3; few <= 7; few++) Assert.AreEqual((0.025, 0.025, 0.025), Of(few, few));
        Assert.AreEqual((0.05, 0.05, 0), Of(8, 0));
    }

    [TestMethod]
    public void Fewer_than_ten_numbers_are_not_drawn_and_that_is_said()
    {
        double[] values = [.. Enumerable.Range(0, 9).Select(i => 7.25 + i), .. Enumerable.Repeat(double.NaN, 90)];

        var report = Score(Numbers(values), Numbers(values));

        Assert.IsEmpty(report.Histograms);
        Assert.Contains(new NotMeasured("histograms [income]", "fewer than 10 training rows have a number"), report.NotMeasured);
        Assert.IsFalse(report.ToHtml().Contains("7.25", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_column_of_one_value_and_the_greatest_numbers_have_bins_too()
    {
        Assert.HasCount(1, Score(Numbers([.. Enumerable.Repeat(3.7, 30)]), Train).Histograms.Single().Train);
        var wide = Score(Numbers([.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? -double.MaxValue : double.MaxValue)]), Train).Histograms.Single();
        Assert.AreEqual((0.5, 0.5), (wide.Train[0], wide.Train[^1]));
        var small = Score(Numbers([.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 0 : double.Epsilon * 100)]), Train).Histograms.Single();
        Assert.AreEqual(1, small.Train.Single());
    }

    [TestMethod]
    public void Dates_are_cut_at_days()
    {
        var shown = Score(Train, People.Make(Rows, 3)).Histograms.Single(histogram => histogram.Column == "joined");

        Assert.HasCount(shown.Labels.Count, shown.Labels.Distinct().ToArray());
        var days = shown.Labels.Select(label => DateTime.Parse(label, CultureInfo.InvariantCulture)).ToArray();
        Assert.AreEqual(days[1] - days[0], days[^1] - days[^2]);
    }

    [TestMethod]
    public void Groups_and_categories_of_fewer_than_five_rows_have_no_name()
    {
        var schema = new TableSchema { Columns = [People.Schema.Columns.Single(c => c.Name == "city"), People.Schema.Columns.Single(c => c.Name == "age")] };
        var cities = Enumerable.Range(0, 300).Select(row => row < 4 ? 2 : row < 9 ? 1 : 0).ToArray();
        var table = new Table(
            schema,
            [
                People.Codes("city", cities, ["Graz", "Linz", "Lone hamlet"]),
                People.Numbers("age", [.. Enumerable.Range(0, 300).Select(row => 20.0 + (row % 40))]),
            ]);

        var report = Evaluator.Evaluate(
            table, table, table, new EvaluationOptions { Parts = EvaluationParts.Distribution | EvaluationParts.Subgroups, ProtectedColumns = ["city"] });

        CollectionAssert.AreEqual(new[] { "Graz", "Linz" }, report.Subgroups.Select(group => group.Group).ToArray());
        CollectionAssert.AreEqual(new[] { "Graz", "Linz", "(others)" }, report.Histograms.Single(histogram => histogram.Column == "city").Labels.ToArray());
        foreach (var text in (string[])[report.ToJson(), report.ToHtml()]) Assert.IsFalse(text.Contains("Lone hamlet", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Real_rows_without_a_value_outside_of_a_range_or_against_a_rule_are_counted_to_five()
    {
        double[] Of(int missing, int outside) =>
        [
            .. Enumerable.Repeat(double.NaN, missing), .. Enumerable.Repeat(900.0, outside),
            .. Enumerable.Range(0, 200 - missing - outside).Select(i => 1.0 + (i % 40)),
        ];
        var few = Numbers(Of(2, 0));
        var train = new Table(few.Schema with { Constraints = [new NotNullConstraint("known", ["income"]), new RangeConstraint("small", "income", null, "100")] }, few.Columns);

        var validity = Evaluator.Evaluate(train, Numbers(Of(100, 50)), Numbers(Of(4, 2)), new EvaluationOptions { Parts = EvaluationParts.None }).Validity;

        var column = validity.Columns.Single();
        Assert.AreEqual((0, 5.0 / 200, 0, 0.5), (column.NullRateTrain, column.NullRateHoldout!.Value, column.OutsideHoldout!.Value, column.NullRateSynthetic));
        Assert.AreEqual((0, 5.0 / 200, 0.5), (validity.Rules![0].BrokenTrain, validity.Rules[0].BrokenHoldout!.Value, validity.Rules[0].BrokenSynthetic));
        Assert.AreEqual((0, 0), (validity.Rules[1].BrokenTrain, validity.Rules[1].BrokenHoldout!.Value));
        CollectionAssert.Contains(validity.Notes.ToArray(), "income: 50.00 % missing, in training 0.00 %");
        CollectionAssert.Contains(validity.Notes.ToArray(), "rule known: 50.00 % of the rows break it, of training 0.00 %");
    }

    private static double[] Edges(ColumnHistogram histogram) => [.. histogram.Labels.Select(label => double.Parse(label, CultureInfo.InvariantCulture))];

    private static Table Numbers(double[] values) =>
        new(new TableSchema { Columns = [People.Schema.Columns.Single(column => column.Name == "income")] }, [People.Numbers("income", values)]);

    private static EvaluationReport Score(Table train, Table synthetic, Table? holdout = null) =>
        Evaluator.Evaluate(train, synthetic, holdout, new EvaluationOptions { Parts = EvaluationParts.Distribution });
}

using SynthStudio.Evaluation.Reporting;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>The intervals of scores hold the mean of such scores about as often as they say, and narrow with more rows.</summary>
[TestClass]
public sealed class IntervalTests
{
    private const int Repetitions = 150, Rows = 400;
    private const EvaluationParts Parts =
        EvaluationParts.Shape | EvaluationParts.Trend | EvaluationParts.Accuracy | EvaluationParts.Coverage | EvaluationParts.Distribution;

    /// <summary>Those of rows that coverage samples come last.</summary>
    private static readonly string[] Names =
    [
        "shape", "trend_shared", "trend_shared_thresholded", "correlation_difference", "wasserstein", "jensen_shannon", "qa_univariate", "qa_bivariate",
        "qa_trivariate", "qa_accuracy", "alpha_precision", "beta_recall", "authenticity",
    ];

        [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void About_95_of_100_intervals_hold_the_mean_score(bool isDistorted)
    {
        var reports = new EvaluationReport[Repetitions];
        Parallel.For(0, Repetitions, i =>
        {
            var drawn = Bounded(Rows, 1000 + i);
            reports[i] = Score(Bounded(Rows, i), isDistorted ? Distorted(drawn, i) : drawn);
        });

        var held = new List<double>();
        foreach (var name in Names)
        {
            var mean = reports.Average(report => report.Intervals[name].Value);
            held.Add(reports.Count(report => report.Intervals[name].Low <= mean && mean <= report.Intervals[name].High) / (double)Repetitions);
            Assert.IsGreaterThan(0.85, held[^1], name);

            // Nor are they only wide: no more than half as wide again as normal intervals of the true spread.
            var deviation = Math.Sqrt(reports.Average(report => Math.Pow(report.Intervals[name].Value - mean, 2)));
            Assert.IsLessThan(1.5 * 2 * Estimate.Z * deviation, reports.Average(report => report.Intervals[name].High - report.Intervals[name].Low), name);
        }

        Assert.AreEqual(0.95, held.Average(), 0.02);
    }

    [TestMethod]
    public void Four_times_the_rows_halve_the_intervals()
    {
        var (few, many) = (OfSize(500), OfSize(2000));
        foreach (var name in Names[..10])
        {
            Assert.AreEqual(0.5, Width(many, name) / Width(few, name), 0.1, name);
        }

        static double Width(EvaluationReport[] reports, string name) => reports.Average(report => report.Intervals[name].High - report.Intervals[name].Low);
    }

    [TestMethod]
    public void A_table_beyond_the_rows_that_are_looked_at_has_intervals_of_its_own_size()
    {
        var (left, right) = (new int[40_000], new int[40_000]);
        for (var row = 0; row < left.Length; row++) (left[row], right[row]) = (row % 10 < 3 ? 1 : 0, row % 10 < 5 ? 1 : 0);
        var influence = new Influence(InfluenceRows.Draw(left.Length, right.Length, 1));
        _ = Contingency.TotalVariation(new BinnedColumn(left, 2), new BinnedColumn(right, 2), influence);

        // Of two bins the distance is the difference of two shares: sqrt(p (1 - p)/n + q (1 - q)/m).
        Assert.AreEqual(Math.Sqrt(((0.3 * 0.7) + (0.5 * 0.5)) / 40_000), influence.StandardError!.Value, 2e-5);
    }

    private static EvaluationReport[] OfSize(int rows) =>
        [.. Enumerable.Range(0, 8).Select(i => Score(Bounded(rows, 2 * i), Bounded(rows, (2 * i) + 1), Parts & ~EvaluationParts.Coverage))];

    /// <summary>People whose incomes end at a value that every table reaches: the unit of distances, training's range, is taken as given.</summary>
    private static Table Bounded(int rows, int seed)
    {
        var people = People.Make(rows, seed);
        return People.With(people, People.Numbers("income", Array.ConvertAll(((NumericColumn)people["income"]).Values, value => Math.Min(value, 2500))));
    }

    private static Table Distorted(Table table, int seed)
    {
        var income = Array.ConvertAll(((NumericColumn)table["income"]).Values, value => Math.Min(value * 1.2, 2500));
        return People.With(People.With(table, People.Numbers("income", income)), People.ShuffleColumns(table, seed)["owns"]);
    }

    private static EvaluationReport Score(Table train, Table synthetic, EvaluationParts parts = Parts) =>
        Evaluator.Evaluate(train, synthetic, null, new EvaluationOptions { Parts = parts, MaxParallelism = 1 });
}

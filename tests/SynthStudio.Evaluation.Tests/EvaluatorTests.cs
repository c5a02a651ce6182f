using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

[TestClass]
public sealed class EvaluatorTests
{
    private const int Rows = 3000;

    private static readonly Table Train = People.Make(Rows, 1);
    private static readonly Table Holdout = People.Make(Rows, 2);

    [TestMethod]
    public void Fresh_rows_score_as_the_ceiling_does()
    {
        var report = Evaluate(People.Make(Rows, 3));

        AssertNear(report.Ceiling!.Shape, report.Metrics.Shape, 0.02);
        AssertNear(report.Ceiling.TrendShared, report.Metrics.TrendShared, 0.01);
        AssertNear(report.Ceiling.QaAccuracyMax, report.Metrics.QaAccuracy, 0.01);
        AssertNear(0.5, report.Metrics.C2stAuc, 0.03);
        AssertNear(1, report.Metrics.LogisticDetection, 0.06);
        AssertNear(report.Metrics.Trtr, report.Metrics.Tstr, 0.02);
        AssertNear(0.5, report.Metrics.DcrShare, 0.03);
        AssertNear(0, report.Metrics.ExactMatchTrain, 0.001);
        Assert.IsEmpty(report.Validity.Notes);
    }

    [TestMethod]
    public void A_holdout_passed_off_as_synthetic_looks_like_the_ceiling_and_not_like_a_copy_of_training()
    {
        var report = Evaluate(Holdout);

        AssertNear(report.Ceiling!.Shape, report.Metrics.Shape, 1e-9);
        AssertNear(report.Ceiling.C2stAuc, report.Metrics.C2stAuc, 1e-9);
        Assert.IsLessThan(0.01, report.Metrics.DcrShare!.Value);
        AssertNear(1, report.Metrics.ExactMatchHoldout, 1e-9);
    }

    [TestMethod]
    public void A_copy_of_training_is_found_out()
    {
        var report = Evaluate(Train);

        AssertNear(1, report.Metrics.Shape, 1e-9);
        AssertNear(1, report.Metrics.Trend, 1e-9);
        Assert.IsLessThan(0.4, report.Metrics.C2stAuc!.Value);
        Assert.IsGreaterThan(0.99, report.Metrics.DcrShare!.Value);
        AssertNear(1, report.Metrics.ExactMatchTrain, 1e-9);
        AssertNear(report.Metrics.Trtr, report.Metrics.Tstr, 0.02);
    }

    [TestMethod]
    public void Shuffled_columns_keep_their_shapes_but_are_told_apart_and_teach_nothing()
    {
        var report = Evaluate(People.ShuffleColumns(Train, 4));

        AssertNear(1, report.Metrics.Shape, 1e-9);
        Assert.IsLessThan(report.Ceiling!.Trend!.Value - 0.05, report.Metrics.Trend!.Value);
        Assert.IsLessThan(report.Ceiling.QaBivariate!.Value - 0.05, report.Metrics.QaBivariate!.Value);
        Assert.IsGreaterThan(0.7, report.Metrics.C2stAuc!.Value);
        AssertNear(0.5, report.Metrics.Tstr, 0.1);
        Assert.IsGreaterThan(0.75, report.Metrics.Trtr!.Value);
    }

    [TestMethod]
    public void A_column_that_gives_the_table_away_is_named()
    {
        var ages = ((NumericColumn)Holdout["age"]).Values;
        var report = Evaluate(People.With(Holdout, People.Numbers("age", Array.ConvertAll(ages, age => age + 0.5))));

        Assert.AreEqual("age", report.Columns.MaxBy(column => column.DetectionShare)!.Name);
        Assert.AreEqual("age", report.Columns.MinBy(column => column.Shape)!.Name);
        AssertNear(1, report.Metrics.C2stAuc, 0.001);
    }

    [TestMethod]
    public void Values_outside_training_and_lost_values_are_noted()
    {
        var odd = People.With(Holdout, People.Numbers("age", [.. Enumerable.Range(0, Rows).Select(i => i % 10 == 0 ? 500.0 : double.NaN)]));
        odd = People.With(odd, People.Codes("city", new int[Rows], ["Atlantis"]));
        var report = Evaluate(odd);

        CollectionAssert.AreEqual(
            new[] { "age: 90.00 % missing, in training 0.00 %", "age: 100.00 % out of the training range, in the holdout 0.00 %",
                "city: 100.00 % unseen categories, in the holdout 0.00 %" },
            report.Validity.Notes.ToArray());
    }

    [TestMethod]
    public void Repeated_keys_are_counted()
    {
        TableSchema WithKey(TableSchema schema) => schema with { Columns = [.. schema.Columns, new ColumnSchema { Name = "key", Kind = ColumnKind.Identifier }] };
        Table AddKey(Table table, Func<int, int> code)
        {
            var schema = WithKey(table.Schema);
            int[] codes = [.. Enumerable.Range(0, table.RowCount).Select(code)];
            return new Table(schema, [.. table.Columns, new CodedColumn(schema.Columns[^1], codes, [.. Enumerable.Range(0, Rows).Select(i => $"k{i}")])]);
        }

        var report = Evaluator.Evaluate(
            AddKey(Train, i => i), AddKey(Holdout, i => i / 2), null, new EvaluationOptions { Parts = EvaluationParts.Shape });

        AssertNear(0.5, report.Validity.Columns.Single(column => column.Name == "key").DuplicateKeys, 1e-9);
        Assert.IsFalse(report.Columns.Any(column => column.Name == "key"));
        Assert.Contains(new NotMeasured("columns [key]", "a column of kind Identifier is not scored"), report.NotMeasured);
    }

    [TestMethod]
    public void Rules_of_the_schema_are_counted_in_every_table()
    {
        var schema = Train.Schema with
        {
            Constraints =
            [
                new RangeConstraint("adults", "age", "18", null), new NotNullConstraint("income known", ["income"]),
                new FixedCombinationsConstraint("city and rooms", ["city", "rooms"]), new UniqueConstraint("moments", ["joined"]),
            ],
        };
        double[] ages = [.. ((NumericColumn)Holdout["age"]).Values.Select((age, row) => row % 4 == 0 ? 7 : age)];
        double[] joined = [.. ((NumericColumn)Holdout["joined"]).Values.Select((moment, row) => row % 2 == 0 ? 1_500_000_000 : moment)];
        int[] city = [.. Enumerable.Repeat(0, Rows)];
        var made = People.With(People.With(People.With(Holdout, People.Numbers("age", ages)), People.Numbers("joined", joined)), People.Codes("city", city, ["Nowhere"]));
        var report = Evaluator.Evaluate(new Table(schema, Train.Columns), made, Holdout, new EvaluationOptions { Parts = EvaluationParts.None });

        var rules = report.Validity.Rules!.ToDictionary(rule => rule.Name);
        AssertNear(0.25, rules["adults"].BrokenSynthetic, 1e-9);
        Assert.AreEqual(0, rules["adults"].BrokenHoldout);
        AssertNear(0.1, rules["income known"].BrokenTrain, 0.03);
        AssertNear(0.95, rules["city and rooms"].BrokenSynthetic, 0.03); // where a number of rooms is known
        Assert.AreEqual(0, rules["city and rooms"].BrokenTrain);
        AssertNear(0.5, rules["moments"].BrokenSynthetic, 0.01);
        Assert.IsTrue(report.Validity.Notes.Any(note => note.StartsWith("rule adults: 25", StringComparison.Ordinal)));
        Assert.IsFalse(report.Validity.Notes.Any(note => note.StartsWith("rule income known", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Without_a_holdout_what_needs_one_is_said_to_be_not_measured()
    {
        var report = Evaluator.Evaluate(Train, People.Make(Rows, 3), null, new EvaluationOptions());

        Assert.IsNull(report.Ceiling);
        Assert.IsNull(report.Metrics.DcrShare);
        Assert.IsNull(report.Metrics.Tstr);
        Assert.IsNull(report.Metrics.ExactMatchHoldout);
        Assert.IsNotNull(report.Metrics.ExactMatchTrain);
        Assert.IsNotNull(report.Metrics.QaAccuracy);
        CollectionAssert.AreEquivalent(
            new[]
            {
                "ceiling", "tstr", "trtr", "fairness", "dcr_share", "exact_match_holdout", "near_copies", "singling_out", "linkability", "inference",
                "attribute_disclosure", "membership", "outlier_exposure", "intervals [trend, trend_thresholded]", "referential_integrity",
            },
            report.NotMeasured.Select(missing => missing.Metric).ToArray());
        Assert.AreEqual(2, report.NotMeasured.Count(missing => !missing.Reason.StartsWith("no holdout was given", StringComparison.Ordinal)), "Intervals and references.");
    }

    [TestMethod]
    public void A_pair_without_a_correlation_is_listed_and_left_out_of_the_mean()
    {
        var constant = People.With(Train, People.Numbers("age", Enumerable.Repeat(40.0, Rows).ToArray()));
        var report = Evaluator.Evaluate(constant, Holdout, Holdout, new EvaluationOptions { Parts = EvaluationParts.Trend });

        var pair = report.Pairs.Single(p => p.First == "age" && p.Second == "income");
        Assert.IsNull(pair.Trend);
        Assert.IsTrue(report.NotMeasured.Any(missing => missing.Metric == "trend [age, income]"));
        AssertNear(report.Pairs.Where(p => p.Trend is not null).Average(p => p.Trend!.Value), report.Metrics.Trend, 1e-9);
    }

    [TestMethod]
    public void Parts_that_were_not_asked_for_are_said_to_be_so()
    {
        var report = Evaluator.Evaluate(Train, Holdout, Holdout, new EvaluationOptions { Parts = EvaluationParts.Shape, MeasureCeiling = false });

        Assert.IsNotNull(report.Metrics.Shape);
        Assert.IsNull(report.Metrics.C2stAuc);
        Assert.Contains(new NotMeasured("c2st_auc", "this part was not asked for"), report.NotMeasured);
        Assert.Contains(new NotMeasured("ceiling", "this part was not asked for"), report.NotMeasured);
    }

    [TestMethod]
    public void Every_score_is_either_measured_or_explained()
    {
        var alone = new TableSchema { Columns = [People.Schema.Columns[0]] };
        var report = Evaluator.Evaluate(
            new Table(alone, [Train["age"]]), new Table(alone, [Holdout["age"]]), new Table(alone, [Holdout["age"]]), new EvaluationOptions());

        Assert.IsNotNull(report.Metrics.C2stAuc);
        Assert.AreEqual(report.Metrics.QaUnivariate, report.Metrics.QaBivariate);
        CollectionAssert.AreEquivalent(
            new[]
            {
                "trend", "trend_shared", "trend_thresholded", "trend_shared_thresholded", "correlation_difference", "qa_trivariate", "subgroups", "tstr", "trtr",
                "fairness", "linkability", "inference", "attribute_disclosure", "membership (shadow models)", "exact_copies of common rows", "referential_integrity",
            },
            report.NotMeasured.Select(missing => missing.Metric).ToArray());
    }

    [TestMethod]
    public void Other_spellings_of_the_same_category_are_the_same()
    {
        var truth = (CodedColumn)Holdout["owns"];
        var rooms = (CodedColumn)Holdout["rooms"];
        var spelled = People.With(Holdout, People.Codes("owns", truth.Codes, ["0", "1"]));
        spelled = People.With(spelled, People.Codes("rooms", rooms.Codes, ["0.0", "1.0", "2.00", "3", "4.0", "5"]));

        var report = Evaluate(spelled);

        AssertNear(report.Ceiling!.Shape, report.Metrics.Shape, 1e-9);
        AssertNear(1, report.Metrics.ExactMatchHoldout, 1e-9);
    }

    [TestMethod]
    [DataRow(LearningTask.Multiclass, "rooms", "macro-F1", 0.35)]
    [DataRow(LearningTask.Regression, "income", "R2", 0.3)]
    public void Other_tasks_are_scored_in_their_own_measure(LearningTask task, string target, string measure, double atLeast)
    {
        var schema = People.Schema with { Target = target, Task = task };
        Table As(Table table) => new(schema, table.Columns);
        var report = Evaluator.Evaluate(
            As(Train), As(People.Make(Rows, 3)), As(Holdout), new EvaluationOptions { Parts = EvaluationParts.Utility });

        Assert.AreEqual(measure, report.TstrMetric);
        Assert.IsGreaterThan(atLeast, report.Metrics.Trtr!.Value);
        AssertNear(report.Metrics.Trtr, report.Metrics.Tstr, 0.05);
    }

    [TestMethod]
    public void A_target_that_the_synthetic_table_lost_is_explained()
    {
        var report = Evaluate(People.With(Holdout, People.Codes("rich", new int[Rows], ["no"])));

        Assert.IsNull(report.Metrics.Tstr);
        Assert.IsNotNull(report.Metrics.Trtr);
        Assert.IsTrue(report.NotMeasured.Any(missing => missing.Metric == "tstr" && missing.Reason.Contains("1 classes", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_report_and_a_long_table_is_cut()
    {
        var synthetic = People.Make(2 * Rows, 5);
        var (first, second) = (Evaluate(synthetic), Evaluate(synthetic));

        Assert.AreEqual(first.Metrics, second.Metrics);
        Assert.AreEqual(2 * Rows, first.Sampling.SyntheticRows);
        Assert.AreEqual(Rows, first.Sampling.SyntheticRowsUsed);
    }

    [TestMethod]
    public void Of_too_many_pairs_some_are_looked_at_and_it_says_so()
    {
        var options = new EvaluationOptions { Parts = EvaluationParts.Trend | EvaluationParts.Accuracy, MaxPairs = 5 };
        var report = Evaluator.Evaluate(Train, Holdout, Holdout, options);

        Assert.AreEqual((21, 5), (report.Sampling.Pairs, report.Sampling.PairsUsed));
        Assert.HasCount(5, report.Pairs);
        AssertNear(report.Pairs.Average(pair => pair.Trend), report.Metrics.Trend, 1e-9);
        AssertNear(report.Pairs.Average(pair => pair.QaAccuracy), report.Metrics.QaBivariate, 1e-9);
    }

    [TestMethod]
    public void The_report_survives_json_under_stable_names()
    {
        var report = Evaluate(People.Make(Rows, 3));
        var json = report.ToJson();

        foreach (var name in new[] { "format_version", "c2st_auc", "qa_univariate_max", "dcr_share", "exact_match_train", "tstr_metric", "not_measured", "detection_rows_per_class" })
        {
            Assert.Contains($"\"{name}\":", json);
        }

        Assert.AreEqual(json, EvaluationReport.FromJson(json).ToJson());
    }

    [TestMethod]
    public void Progress_ends_at_one()
    {
        var steps = new List<EvaluationProgress>();
        Evaluator.Evaluate(Train, Holdout, Holdout, new EvaluationOptions(), new Recorder(steps));

        Assert.AreEqual(1, steps[^1].Fraction, 1e-9);
        CollectionAssert.AreEqual(steps.OrderBy(step => step.Fraction).ToList(), steps);
    }

    [TestMethod]
    public void Cancelling_stops_the_evaluation()
    {
        using var source = new CancellationTokenSource();
        var cancelOnFirst = new Recorder([], () => source.Cancel());

        Assert.Throws<OperationCanceledException>(() =>
            Evaluator.Evaluate(Train, Holdout, Holdout, new EvaluationOptions(), cancelOnFirst, source.Token));
    }

    [TestMethod]
    public void Tables_that_cannot_be_compared_are_refused_by_name()
    {
        var few = Assert.Throws<TableException>(() => Evaluator.Evaluate(Train, People.Make(9, 3), null, new EvaluationOptions()));
        Assert.AreEqual(TableError.TooFewRows, few.Error);

        var narrow = new Table(new TableSchema { Columns = [People.Schema.Columns[0]] }, [Holdout["age"]]);
        var absent = Assert.Throws<TableException>(() => Evaluator.Evaluate(Train, narrow, null, new EvaluationOptions()));
        Assert.AreEqual((TableError.MissingColumn, "income"), (absent.Error, absent.Column));
    }

    [TestMethod]
    public void Few_rows_are_scored_all_the_same()
    {
        var report = Evaluator.Evaluate(People.Make(12, 1), People.Make(12, 2), People.Make(12, 3), new EvaluationOptions());

        Assert.IsNotNull(report.Metrics.C2stAuc);
        Assert.IsNotNull(report.Metrics.LogisticDetection);
        Assert.IsNotNull(report.Metrics.DcrShare);
    }

    private static EvaluationReport Evaluate(Table synthetic) => Evaluator.Evaluate(Train, synthetic, Holdout, new EvaluationOptions());

    private static void AssertNear(double? expected, double? actual, double tolerance)
    {
        Assert.IsNotNull(expected);
        Assert.IsNotNull(actual);
        Assert.AreEqual(expected.Value, actual.Value, tolerance);
    }

    private sealed class Recorder(List<EvaluationProgress> steps, Action? then = null) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value)
        {
            steps.Add(value);
            then?.Invoke();
        }
    }
}

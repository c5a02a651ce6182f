using System.Diagnostics;
using SynthStudio.Evaluation.Accuracy;
using SynthStudio.Evaluation.Anonymity;
using SynthStudio.Evaluation.Boosting;
using SynthStudio.Evaluation.Coverage;
using SynthStudio.Evaluation.Detection;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Distribution;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Histograms;
using SynthStudio.Evaluation.Privacy;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Evaluation.Reporting.Verdicts;
using SynthStudio.Evaluation.Shape;
using SynthStudio.Evaluation.Subgroups;
using SynthStudio.Evaluation.Trend;
using SynthStudio.Evaluation.Utility;
using SynthStudio.Evaluation.Validity;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation;

/// <summary>One evaluation: runs the parts that are wanted one after the other, each on all processors, and collects what they say.</summary>
internal sealed class EvaluationRun
{
    private const string NoHoldout = "no holdout was given";
    private const string NotWanted = "this part was not asked for";

    private static readonly string[] TrendMetrics = ["trend", "trend_shared", "trend_thresholded", "trend_shared_thresholded", "correlation_difference"];

    private readonly Table train;
    private readonly Table synthetic;
    private readonly EvaluationContext context;
    private readonly ReportBuilder report;
    private readonly IProgress<EvaluationProgress>? progress;
    private readonly Dictionary<string, double> seconds = [];
    private readonly Stopwatch total = Stopwatch.StartNew();

    public EvaluationRun(
        Table train,
        Table synthetic,
        Table? holdout,
        EvaluationOptions options,
        IProgress<EvaluationProgress>? progress,
        CancellationToken cancellation)
    {
        this.train = train;
        this.synthetic = synthetic;
        this.progress = progress;
        cancellation.ThrowIfCancellationRequested();
        var tables = TableEncoder.Encode(train, synthetic, holdout);
        foreach (var names in new[] { options.QuasiIdentifiers, options.ProtectedColumns, options.Targets })
        {
            _ = QuasiIdentifiers.Named(tables.Columns, names); // Better to be told of a wrong name now than after minutes.
        }

        var trainRows = Math.Min(options.MaxRows, tables.Train.RowCount);
        context = new EvaluationContext(
            tables with
            {
                Train = CutIfLonger(tables.Train),
                Synthetic = tables.Synthetic.Take(RowSample.Draw(synthetic.RowCount, trainRows, options.Seed + 1)),
                Holdout = tables.Holdout is null ? null : CutIfLonger(tables.Holdout),
            },
            options,
            cancellation);
        report = new ReportBuilder(context, new SamplingFacts(
            train.RowCount,
            synthetic.RowCount,
            holdout?.RowCount,
            context.Train.RowCount,
            context.Tables.Synthetic.RowCount,
            context.Tables.Holdout?.RowCount,
            context.Columns.Count * (context.Columns.Count - 1) / 2,
            context.Pairs.Count), train.Schema.Task);
        seconds["encode"] = total.Elapsed.TotalSeconds;

        EncodedTable CutIfLonger(EncodedTable table) =>
            table.RowCount <= options.MaxRows ? table : table.Take(RowSample.Draw(table.RowCount, options.MaxRows, options.Seed));
    }

    private EncodedTable Synthetic => context.Tables.Synthetic;

    /// <summary>The holdout in the place of the synthetic table, as a table of the same size would be.</summary>
    private EncodedTable? Ceiling { get; set; }

    public EvaluationReport Execute()
    {
        Ceiling = CeilingTable();
        foreach (var column in train.Schema.Columns.Where(column => !TableEncoder.IsScored(column.Kind)))
        {
            context.Skip($"columns [{column.Name}]", $"a column of kind {column.Kind} is not scored");
        }

        (string Name, EvaluationParts Part, double Weight, Action Measure, string[] Metrics)[] parts =
        [
            ("validity", EvaluationParts.None, 0.02, () => report.Validity = new ValidityMetric(context).Measure(synthetic), []),
            ("shape", EvaluationParts.Shape, 0.04, MeasureShape, ["shape", "wasserstein", "jensen_shannon"]),
            ("trend", EvaluationParts.Trend, 0.05, MeasureTrend, TrendMetrics),
            ("accuracy", EvaluationParts.Accuracy, 0.06, MeasureAccuracy, ["qa_univariate", "qa_bivariate", "qa_trivariate", "qa_accuracy"]),
            ("coverage", EvaluationParts.Coverage, 0.03, MeasureCoverage, ["alpha_precision", "beta_recall", "authenticity"]),
            ("subgroups", EvaluationParts.Subgroups, 0.01, MeasureSubgroups, ["subgroups"]),
            ("detection", EvaluationParts.Detection, 0.25, MeasureDetection, ["c2st_auc"]),
            ("logistic_detection", EvaluationParts.LogisticDetection, 0.09, MeasureLogisticDetection, ["logistic_detection"]),
            ("utility", EvaluationParts.Utility, 0.2, MeasureUtility, ["tstr", "trtr", "fairness"]),
            ("distance", EvaluationParts.Distance, 0.05, MeasureDistance, ["dcr_share", "exact_match_train", "exact_match_holdout"]),
            ("privacy", EvaluationParts.Privacy, 0.2, () => report.Privacy = new PrivacyMetric(context, train.Schema.Target).Measure(), ["privacy"]),
        ];

        var done = 0.0;
        foreach (var (name, part, weight, measure, metrics) in parts)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (context.Options.Parts.HasFlag(part))
            {
                var clock = Stopwatch.StartNew();
                measure();
                seconds[name] = clock.Elapsed.TotalSeconds;
            }
            else
            {
                SkipAll(metrics, NotWanted);
            }

            progress?.Report(new EvaluationProgress(name, done = Math.Min(1, done + weight)));
        }

        seconds["total"] = total.Elapsed.TotalSeconds;
        var built = report.Build(Ceiling is not null, seconds);
        return built with { Verdict = VerdictBuilder.Of(built) };
    }

    private EncodedTable? CeilingTable()
    {
        if (context.Tables.Holdout is not { } holdout)
        {
            context.Skip("ceiling", NoHoldout);
            return null;
        }

        if (!context.Options.MeasureCeiling)
        {
            context.Skip("ceiling", NotWanted);
            return null;
        }

        return holdout.Take(RowSample.Draw(holdout.RowCount, context.Train.RowCount, context.Seed + 1));
    }

    private void MeasureShape()
    {
        var metric = new ShapeMetric(context);
        report.Shape = metric.Measure(Synthetic);
        report.ShapeCeiling = Ceiling is null ? null : metric.Measure(Ceiling);
        var distribution = new DistributionMetric(context);
        report.Distribution = distribution.Measure(Synthetic);
        report.DistributionCeiling = Ceiling is null ? null : distribution.Measure(Ceiling);
        report.Histograms = new HistogramMetric(context).Measure();
        if (report.Distribution.WassersteinMean is null)
        {
            context.Skip("wasserstein", "no column is numerical");
        }
    }

    private void MeasureTrend()
    {
        if (context.Columns.Count < 2)
        {
            SkipAll(TrendMetrics, "there is only one column");
            return;
        }

        var metric = new TrendMetric(context);
        report.Trend = metric.Measure(Synthetic);
        report.TrendCeiling = Ceiling is null ? null : metric.Measure(Ceiling);
        foreach (var pair in report.Trend.Pairs.Where(pair => pair.Own is null))
        {
            context.Skip(
                $"trend [{context.Columns[pair.X].Name}, {context.Columns[pair.Y].Name}]",
                "the correlation is undefined: one of the columns is constant in training");
        }

        if (report.Trend.Mean is null)
        {
            SkipAll(["trend", "trend_shared", "correlation_difference"], "no pair of columns has a defined trend");
        }

        if (report.Trend.ThresholdedMean is null)
        {
            SkipAll(["trend_thresholded", "trend_shared_thresholded"], "no pair of columns is associated strongly enough in training");
        }
    }

    private void MeasureAccuracy()
    {
        var metric = new AccuracyMetric(context);
        report.Accuracy = metric.Measure(Synthetic);
        report.AccuracyCeiling = Ceiling is null ? null : metric.Measure(Ceiling);
        if (report.Accuracy.Trivariate is null)
        {
            context.Skip("qa_trivariate", "there are fewer than three columns");
        }
    }

    private void MeasureCoverage()
    {
        var metric = new CoverageMetric(context);
        report.Coverage = metric.Measure(Synthetic);
        report.CoverageCeiling = Ceiling is null ? null : metric.Measure(Ceiling);
    }

    private void MeasureSubgroups()
    {
        var metric = new SubgroupMetric(context);
        var named = QuasiIdentifiers.Named(context.Columns, context.Options.ProtectedColumns);
        var columns = (named.Length > 0 ? named : [.. QuasiIdentifiers.GuessProtected(context.Train, train.Schema.Target), .. TargetColumn() is >= 0 and var at ? [at] : Array.Empty<int>()])
            .Where(column => !context.Columns[column].IsNumeric).ToArray();
        report.Subgroups = [.. columns.SelectMany(metric.Measure)];
        if (columns.Length == 0)
        {
            context.Skip("subgroups", "no categorical target, and no column has a name like that of a protected attribute: name one");
        }
    }

    private void MeasureDetection() => WithBoosting(["c2st_auc"], () =>
    {
        var results = new TreeDetectionMetric(context).Measure(Ceiling is null ? [Synthetic] : [Synthetic, Ceiling]);
        report.Detection = results[0];
        report.DetectionCeiling = results.ElementAtOrDefault(1);
    });

    private void MeasureLogisticDetection()
    {
        var results = new LogisticDetectionMetric(context).Measure(Ceiling is null ? [Synthetic] : [Synthetic, Ceiling]);
        report.LogisticDetection = results[0];
        report.LogisticDetectionCeiling = Ceiling is null ? null : results[1];
    }

    private void MeasureUtility()
    {
        string[] metrics = ["tstr", "trtr"];
        if (WhyNoUtility() is { } reason)
        {
            SkipAll([.. metrics, "fairness"], reason);
            return;
        }

        WithBoosting(metrics, () =>
        {
            var part = new UtilityPart(context, train.Schema.Target, train.Schema.Task);
            part.Measure(context.Tables.Holdout!);
            report.Utility = part;
            foreach (var (name, result) in metrics.Zip([part.Synthetic, part.Training]).Where(pair => pair.Second?.Reason is not null))
            {
                context.Skip(name, result!.Reason!);
            }

            if (part.Synthetic is null)
            {
                SkipAll(metrics, "the schema names no target to predict");
            }
        });
    }

    private string? WhyNoUtility()
    {
        var (target, task) = (train.Schema.Target, train.Schema.Task);
        return context.Tables.Holdout is null ? NoHoldout
            : context.Options.Targets.Count > 0 ? null
            : target is null || task is null ? "the schema names no target to predict"
            : TargetColumn() < 0 ? $"the target '{target}' is not a scored column"
            : context.Columns.Count < 2 ? "there is no column besides the target"
            : task == LearningTask.Regression && !context.Columns[TargetColumn()].IsNumeric ? "a regression needs a numerical target"
            : null;
    }

    private int TargetColumn() => context.Columns.Select(column => column.Name).ToList().IndexOf(train.Schema.Target ?? "");

    private void MeasureDistance()
    {
        var metric = new DistanceMetric(context);
        report.Distance = metric.Measure(Synthetic);
        report.DistanceCeiling = Ceiling is null ? null : metric.MeasureMatches(Ceiling);
        if (context.Tables.Holdout is null)
        {
            SkipAll(["dcr_share", "exact_match_holdout"], NoHoldout);
        }
    }

    /// <summary>Runs what needs LightGBM; when it refuses the data, says so instead of leaving the metrics out. That it is missing fails the evaluation.</summary>
    private void WithBoosting(string[] metrics, Action measure)
    {
        try
        {
            measure();
        }
        catch (BoostingException failure)
        {
            SkipAll(metrics, failure.Message);
        }
        catch (AggregateException failures) when (failures.Flatten().InnerExceptions.All(inner => inner is BoostingException))
        {
            SkipAll(metrics, failures.Flatten().InnerExceptions[0].Message);
        }
        catch (AggregateException failures) when (failures.Flatten().InnerExceptions.OfType<BoostingUnavailableException>().FirstOrDefault() is { } missing)
        {
            throw new BoostingUnavailableException(missing.Message, failures);
        }
    }

    private void SkipAll(string[] metrics, string reason)
    {
        foreach (var metric in metrics)
        {
            context.Skip(metric, reason);
        }
    }
}

using System.Diagnostics;
using SynthStudio.Evaluation.Anonymity;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Parts;
using SynthStudio.Evaluation.Privacy;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Evaluation.Reporting.Verdicts;
using SynthStudio.Evaluation.Validity;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation;

/// <summary>One evaluation: runs the parts that are wanted one after the other, each on all processors, and collects what they say.</summary>
internal sealed class EvaluationRun
{
    public const string NoHoldout = "no holdout was given";
    private const string NotWanted = "this part was not asked for";

    private readonly Table train;
    private readonly Table synthetic;
    private readonly Table? holdout;
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
        this.holdout = holdout;
        this.progress = progress;
        cancellation.ThrowIfCancellationRequested();
        var tables = TableEncoder.Encode(train, synthetic, holdout);
        foreach (var names in new[] { options.QuasiIdentifiers, options.ProtectedColumns, options.Targets })
        {
            _ = QuasiIdentifiers.Named(tables.Columns, names); // Better to be told of a wrong name now than after minutes.
        }

        var trainRows = Math.Min(options.MaxRows, tables.Train.RowCount);
        var kept = tables.Holdout is null ? null : CutIfLonger(tables.Holdout);
        context = new EvaluationContext(
            tables with
            {
                Train = CutIfLonger(tables.Train),
                Synthetic = tables.Synthetic.Take(RowSample.Draw(synthetic.RowCount, trainRows, options.Seed + 1)),
                Holdout = kept,
            },
            options,
            cancellation)
        {
            Ceiling = options.MeasureCeiling ? kept?.Take(RowSample.Draw(kept.RowCount, trainRows, options.Seed + 1)) : null,
        };
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

    public EvaluationReport Execute()
    {
        SkipCeiling();
        foreach (var column in train.Schema.Columns.Where(column => !TableEncoder.IsScored(column.Kind)))
        {
            context.Skip($"columns [{column.Name}]", $"a column of kind {column.Kind} is not scored");
        }

        var likeness = new LikenessParts(context, report, train.Schema.Target);
        var learned = new LearnedParts(context, report, train.Schema);
        (string Name, EvaluationParts Part, double Weight, Action Measure, string[] Metrics)[] parts =
        [
            ("validity", EvaluationParts.None, 0.02, () => report.Validity = new ValidityMetric(context).Measure(train, synthetic, holdout), []),
            ("shape", EvaluationParts.Shape, 0.02, likeness.MeasureShape, ["shape"]),
            ("distribution", EvaluationParts.Distribution, 0.02, likeness.MeasureDistribution, ["wasserstein", "jensen_shannon"]),
            ("trend", EvaluationParts.Trend, 0.05, likeness.MeasureTrend, LikenessParts.TrendMetrics),
            ("accuracy", EvaluationParts.Accuracy, 0.06, likeness.MeasureAccuracy, ["qa_univariate", "qa_bivariate", "qa_trivariate", "qa_accuracy"]),
            ("coverage", EvaluationParts.Coverage, 0.03, likeness.MeasureCoverage, ["alpha_precision", "beta_recall", "authenticity"]),
            ("subgroups", EvaluationParts.Subgroups, 0.01, likeness.MeasureSubgroups, ["subgroups"]),
            ("detection", EvaluationParts.Detection, 0.25, learned.MeasureDetection, ["c2st_auc"]),
            ("logistic_detection", EvaluationParts.LogisticDetection, 0.09, learned.MeasureLogisticDetection, ["logistic_detection"]),
            ("utility", EvaluationParts.Utility, 0.2, learned.MeasureUtility, ["tstr", "trtr", "fairness"]),
            ("distance", EvaluationParts.Distance, 0.05, MeasureDistance, ["dcr_share", "exact_match_train", "exact_match_holdout"]),
            ("privacy", EvaluationParts.Privacy, 0.2, () => report.Privacy = new PrivacyMetric(context, train, holdout).Measure(), ["privacy"]),
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
                context.SkipAll(metrics, NotWanted);
            }

            progress?.Report(new EvaluationProgress(name, done = Math.Min(1, done + weight)));
        }

        seconds["total"] = total.Elapsed.TotalSeconds;
        var built = report.Build(context.Ceiling is not null, seconds);
        return built with { Verdict = VerdictBuilder.Of(built) };
    }

    private void SkipCeiling()
    {
        if (context.Ceiling is null)
        {
            context.Skip("ceiling", context.Tables.Holdout is null ? NoHoldout : NotWanted);
        }
    }

    private void MeasureDistance()
    {
        var metric = new DistanceMetric(context);
        report.Distance = metric.Measure(context.Tables.Synthetic);
        report.DistanceCeiling = context.Ceiling is null ? null : metric.MeasureMatches(context.Ceiling);
        if (context.Tables.Holdout is null)
        {
            context.SkipAll(["dcr_share", "exact_match_holdout"], NoHoldout);
        }
    }
}

using SynthStudio.Evaluation.Accuracy;
using SynthStudio.Evaluation.Anonymity;
using SynthStudio.Evaluation.Coverage;
using SynthStudio.Evaluation.Distribution;
using SynthStudio.Evaluation.Histograms;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Evaluation.Shape;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Evaluation.Subgroups;
using SynthStudio.Evaluation.Trend;

namespace SynthStudio.Evaluation.Parts;

/// <summary>The parts of an evaluation that say how alike the tables are.</summary>
/// <param name="context">The evaluation.</param>
/// <param name="report">Gets the results.</param>
/// <param name="target">The column to predict, whose groups are looked at; null without one.</param>
internal sealed class LikenessParts(EvaluationContext context, ReportBuilder report, string? target)
{
    public static readonly string[] TrendMetrics = ["trend", "trend_shared", "trend_thresholded", "trend_shared_thresholded", "correlation_difference"];

    /// <summary>By which rows the scores' standard errors are estimated.</summary>
    private readonly InfluenceRows rows = InfluenceRows.Draw(context.Train.RowCount, context.Tables.Synthetic.RowCount, context.Seed);

    public void MeasureShape()
    {
        var metric = new ShapeMetric(context);
        report.Shape = metric.Measure(context.Tables.Synthetic, rows);
        report.ShapeCeiling = context.Ceiling is null ? null : metric.Measure(context.Ceiling);
    }

    public void MeasureDistribution()
    {
        var distribution = new DistributionMetric(context);
        report.Distribution = distribution.Measure(context.Tables.Synthetic, rows);
        report.DistributionCeiling = context.Ceiling is null ? null : distribution.Measure(context.Ceiling);
        report.Histograms = new HistogramMetric(context).Measure();
        if (report.Distribution.WassersteinMean is null)
        {
            context.Skip("wasserstein", "no column is numerical");
        }
    }

    public void MeasureTrend()
    {
        if (context.Columns.Count < 2)
        {
            context.SkipAll(TrendMetrics, "there is only one column");
            return;
        }

        var metric = new TrendMetric(context);
        report.Trend = metric.Measure(context.Tables.Synthetic, rows);
        context.Skip("intervals [trend, trend_thresholded]", "own bins end at each table's most extreme values, whose chance no other rows tell; shared bins have intervals");
        report.TrendCeiling = context.Ceiling is null ? null : metric.Measure(context.Ceiling);
        foreach (var pair in report.Trend.Pairs.Where(pair => pair.Own is null))
        {
            context.Skip(
                $"trend [{context.Columns[pair.X].Name}, {context.Columns[pair.Y].Name}]",
                "the correlation is undefined: one of the columns is constant in training");
        }

        if (report.Trend.Mean is null)
        {
            context.SkipAll(["trend", "trend_shared", "correlation_difference"], "no pair of columns has a defined trend");
        }

        if (report.Trend.ThresholdedMean is null)
        {
            context.SkipAll(["trend_thresholded", "trend_shared_thresholded"], "no pair of columns is associated strongly enough in training");
        }
    }

    public void MeasureAccuracy()
    {
        var metric = new AccuracyMetric(context);
        report.Accuracy = metric.Measure(context.Tables.Synthetic, withErrors: true);
        report.AccuracyCeiling = context.Ceiling is null ? null : metric.Measure(context.Ceiling);
        if (report.Accuracy.Trivariate is null)
        {
            context.Skip("qa_trivariate", "there are fewer than three columns");
        }
    }

    public void MeasureCoverage()
    {
        var metric = new CoverageMetric(context);
        report.Coverage = metric.Measure(context.Tables.Synthetic);
        report.CoverageCeiling = context.Ceiling is null ? null : metric.Measure(context.Ceiling);
    }

    public void MeasureSubgroups()
    {
        if (context.Columns.Count < 2)
        {
            context.Skip("subgroups", "there is only one column");
            return;
        }

        var metric = new SubgroupMetric(context);
        var named = QuasiIdentifiers.Named(context.Columns, context.Options.ProtectedColumns);
        int[] guessed =
        [
            .. QuasiIdentifiers.GuessProtected(context.Train, target),
            .. Enumerable.Range(0, context.Columns.Count).Where(column => context.Columns[column].Name == target)
        ];
        var columns = (named.Length > 0 ? named : guessed).Where(column => !context.Columns[column].IsNumeric).ToArray();
        report.Subgroups = [.. columns.SelectMany(metric.Measure)];
        if (columns.Length == 0)
        {
            context.Skip("subgroups", "no categorical target, and no column has a name like that of a protected attribute: name one");
        }
    }
}

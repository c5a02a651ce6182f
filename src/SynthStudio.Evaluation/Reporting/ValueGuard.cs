using System.Text.Json.Nodes;
using SynthStudio.Evaluation.Fairness;
using SynthStudio.Evaluation.Reporting.Verdicts;
using SynthStudio.Reporting;

namespace SynthStudio.Evaluation.Reporting;

/// <summary>Cuts what tells values of the real tables, and figures of few people, from a report; its counts it tells in fives.</summary>
internal static class ValueGuard
{
    private static readonly string[] LeftOut =
        ["the distributions of all columns", "the groups of all columns", "the crowds of real people, and how many of them synthetic rows map to", ReportCounts.LeftOut];

    public static EvaluationReport Cut(EvaluationReport report) => CutValues(InFives(report with { Verdict = report.Verdict ?? VerdictBuilder.Of(report) }));

    /// <summary>The report with its counts as <see cref="ReportCounts"/> tells them.</summary>
    public static EvaluationReport InFives(EvaluationReport report)
    {
        var json = JsonNode.Parse(report.ToJson())!.AsObject();
        ReportCounts.Coarsen(json);
        return EvaluationReport.FromJson(json.ToJsonString());
    }

    private static EvaluationReport CutValues(EvaluationReport report) => report with
    {
        LeftOut = LeftOut,
        Histograms = [],
        Subgroups = [],
        Fairness = [],
        Privacy = report.Privacy is not { Anonymity: { } crowds } privacy ? report.Privacy : privacy with
        {
            Anonymity = crowds with { Holdout = null, Synthetic = crowds.Synthetic with { SmallestMap = null, MapsToOneShare = null, MapsToFewShare = null } },
        },
        Verdict = Cut(report.Verdict!, report.Fairness),
    };

    /// <summary>The grades stay; the reason of one may name a value of the target.</summary>
    private static Verdict Cut(Verdict verdict, IReadOnlyList<FairnessResult> fairness) => verdict with
    {
        Findings =
        [
            .. verdict.Findings.Select(finding => finding.Aspect == VerdictBuilder.Fair && fairness.Count > 0
                ? finding with { Reason = "The groups that it is about are left out here." }
                : finding),
        ],
    };
}

using SynthStudio.Evaluation.Reporting.Html.Sections;

namespace SynthStudio.Evaluation.Reporting.Html;

/// <summary>A report as one page: the first screen for everybody, figures below, every definition one click away.</summary>
internal static class ReportPage
{
    public static string Render(EvaluationReport report) => Page.Wrap(
        "Report on a synthetic table",
        [
            ("scores", "Scores", ScoresSection.Render(report)),
            ("columns", "Columns", ColumnsSection.Render(report)),
            ("pairs", "Pairs of columns", PairsSection.Render(report)),
            ("detection", "Detection", DetectionSection.Render(report)),
            ("usefulness", "Usefulness", UtilitySection.Render(report)),
            ("groups", "Groups and fairness", GroupsSection.Render(report)),
            ("privacy", "Privacy", PrivacySection.Render(report)),
            ("facts", "What was measured", FactsSection.Render(report)),
        ],
        SummarySection.Render(report));
}

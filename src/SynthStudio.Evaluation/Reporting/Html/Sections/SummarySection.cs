using System.Text;
using SynthStudio.Evaluation.Reporting.Verdicts;

namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>The first screen: the verdict in words, its reasons, and what to try next.</summary>
internal static class SummarySection
{
    public static string Render(EvaluationReport report)
    {
        // A report of an older version has no verdict of its own.
        var verdict = report.Verdict ?? VerdictBuilder.Of(report);
        var html = new StringBuilder($"<h1>{HtmlText.Encode(verdict.Headline)}</h1>");
        html.Append($"<p class=\"soft\">{HtmlText.Count(report.Sampling.SyntheticRows)} synthetic rows beside {HtmlText.Count(report.Sampling.TrainRows)} real ones that the generator learned");
        html.Append(report.Sampling.HoldoutRows is { } holdout ? $" and {HtmlText.Count(holdout)} it never saw" : "");
        html.Append($"; {report.Columns.Count} columns.</p>");
        html.Append(Guarantee(report)).Append(Cut(report)).Append(Findings(verdict));
        if (verdict.Advice.Count > 0)
        {
            html.Append("<h3>What to try next</h3><ol>");
            foreach (var advice in verdict.Advice)
            {
                html.Append($"<li>{HtmlText.Encode(advice)}</li>");
            }

            html.Append("</ol>");
        }

        return html.ToString();
    }

    private static string Findings(Verdict verdict)
    {
        var html = new StringBuilder("<div class=\"findings\">");
        foreach (var finding in verdict.Findings)
        {
            var style = finding.Grade.ToString().ToLowerInvariant();
            var word = finding.Grade == Grade.Unknown ? "not measured" : style;
            html.Append($"<div class=\"finding {style}\"><h3>{HtmlText.Encode(finding.Aspect)} <b>{word}</b></h3><p>{HtmlText.Encode(finding.Reason)}</p></div>");
        }

        return html.Append("</div>").ToString();
    }

    private static string Cut(EvaluationReport report) => report.LeftOut is not { } left ? "" :
        $"<div class=\"notice\">For readers who may not see real rows. Left out: {HtmlText.Encode(string.Join("; ", left))}.</div>";

    private static string Guarantee(EvaluationReport report) => report.Provenance?.Guarantee is not { } promise ? "" :
        $"<div class=\"notice\"><b>Differentially private generator</b> (epsilon {promise.Epsilon:0.###}, delta {promise.Delta:0.#e0}). The guarantee covers the model and the synthetic rows. "
        + $"It does {HtmlText.Term("not cover this report", "guarantee")}: everything in it that is compared with training rows lies outside, that is, all of the sections below and the verdict above. "
        + "Keep it with those who may see the training table.</div>";
}

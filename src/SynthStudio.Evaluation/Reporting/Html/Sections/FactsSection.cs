using System.Text;

namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>Samples, fingerprints, times, and what was not measured and why.</summary>
internal static class FactsSection
{
    public static string Render(EvaluationReport report)
    {
        var sampling = report.Sampling;
        (string Name, string? Value)[] facts =
        [
            ("Training rows", Used(sampling.TrainRows, sampling.TrainRowsUsed)),
            ("Synthetic rows", Used(sampling.SyntheticRows, sampling.SyntheticRowsUsed)),
            ("Holdout rows", sampling.HoldoutRows is { } holdout ? Used(holdout, sampling.HoldoutRowsUsed ?? holdout) : "none"),
            ("Pairs of columns", Used(sampling.Pairs, sampling.PairsUsed)),
            ("Triples of columns", Plain(sampling.TriplesUsed)),
            ("Rows a side of detection", Plain(sampling.DetectionRowsPerClass)),
            ("Rows that models learned from", Plain(sampling.TstrRows)),
            ("Rows whose distance was measured, to so many", sampling.DcrRows is { } rows ? $"{HtmlText.Count(rows)}, to {HtmlText.Count(sampling.DcrReferenceRows)} of each table" : null),
            ("Rows of coverage", Plain(sampling.CoverageRows)),
            ("Seed", $"{report.Seed}"),
            ("Method", Text(report.Provenance?.Method)),
            ("Model, SHA-256", Code(report.Provenance?.ModelSha256)),
            ("Training file, SHA-256", Code(report.Provenance?.TrainSha256)),
            ("Synthetic file, SHA-256", Code(report.Provenance?.SyntheticSha256)),
            ("Holdout file, SHA-256", Code(report.Provenance?.HoldoutSha256)),
            ("Seconds", report.Seconds.TryGetValue("total", out var total) ? $"{total:0.0}" : null),
        ];
        var html = new StringBuilder(Page.Table(["", ""], facts.Where(fact => fact.Value is not null).Select(fact => new[] { fact.Name, fact.Value! })));
        if (report.NotMeasured.Count > 0)
        {
            html.Append("<h3>Not measured</h3>").Append(Page.Table(
                ["Figure", "Why"], report.NotMeasured.Select(missing => new[] { HtmlText.Encode(missing.Metric), HtmlText.Encode(missing.Reason) })));
        }

        return html.ToString();
    }

    private static string Used(int all, int used) => all == used ? HtmlText.Count(all) : $"{HtmlText.Count(used)} of {HtmlText.Count(all)}, at random";

    private static string? Plain(int? count) => count is null ? null : HtmlText.Count(count);

    private static string? Text(string? text) => text is null ? null : HtmlText.Encode(text);

    private static string? Code(string? text) => text is null ? null : $"<code>{HtmlText.Encode(text)}</code>";
}

using System.Text;
using SynthStudio.Evaluation.Utility;

namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>What can be learned from the table, target by target.</summary>
internal static class UtilitySection
{
    private const int MostFeatures = 12;

    public static string Render(EvaluationReport report)
    {
        var html = new StringBuilder();
        foreach (var target in report.Utility)
        {
            html.Append($"<h3>Predicting {HtmlText.Encode(target.Target)} <span class=\"soft\">({HtmlText.Encode(target.Task)}, {HtmlText.Term(target.Measure, "tstr")} on holdout rows)</span></h3>");
            html.Append(Page.Table(
                ["Model", "Learned from", "#" + HtmlText.Encode(target.Measure), "#Rows"],
                target.Models
                    .OrderBy(model => model.Model, StringComparer.Ordinal)
                    .ThenByDescending(model => model.LearnedFrom, StringComparer.Ordinal)
                    .Select(model => new[]
                    {
                        HtmlText.Encode(model.Model), HtmlText.Encode(model.LearnedFrom),
                        model.Score is null ? HtmlText.None + ": " + HtmlText.Encode(model.Reason ?? "") : HtmlText.Interval(model.Score),
                        HtmlText.Count(model.Rows),
                    })));
            html.Append(Features(target));
        }

        return html.ToString();
    }

    private static string Features(TargetUtility target) => target.Features.Count == 0 ? ""
        : $"<details><summary>What the models go by: {HtmlText.Term("agreement", "importance")} {HtmlText.Number(target.ImportanceAgreement)}</summary>"
            + Page.Table(
                ["Column", "#In trees from real rows", "#In trees from synthetic rows"],
                target.Features.Take(MostFeatures).Select(feature => new[]
                {
                    HtmlText.Encode(feature.Column), HtmlText.Percent(feature.Training), HtmlText.Percent(feature.Synthetic)
                }))
            + "</details>";
}

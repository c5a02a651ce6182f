using System.Text;
using SynthStudio.Evaluation.Fairness;

namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>Subgroups, and parity between them.</summary>
internal static class GroupsSection
{
    public static string Render(EvaluationReport report)
    {
        var html = new StringBuilder();
        foreach (var result in report.Fairness)
        {
            html.Append(Fairness(result));
        }

        foreach (var groups in report.Subgroups.GroupBy(group => group.Column))
        {
            html.Append($"<h3>Likeness within groups of {HtmlText.Encode(groups.Key)}</h3>").Append(Page.Table(
                ["Group", "#Real rows", "#Share, real", "#Share, synthetic", "#" + HtmlText.Term("Shape", "shape"), "#Fresh real rows"],
                groups.Select(group => new[]
                {
                    HtmlText.Encode(group.Group), HtmlText.Count(group.TrainRows),
                    HtmlText.Percent(group.TrainShare), HtmlText.Percent(group.SyntheticShare),
                    group.ShapeInterval is null ? HtmlText.Number(group.Shape) : HtmlText.Interval(group.ShapeInterval),
                    group.ShapeCeiling is null ? "" : HtmlText.Number(group.ShapeCeiling),
                })));
        }

        return html.ToString();
    }

    private static string Fairness(FairnessResult result)
    {
        var rate = result.Favoured is { } value ? $"Rate of {result.Target} = {value}" : $"Mean of {result.Target}";
        return $"<h3>{HtmlText.Term("Fairness", "fairness")} across {HtmlText.Encode(result.Column)}</h3>"
            + (result.IsGuessed ? "<p class=\"soft\">The column was chosen by its name; name others by --protected.</p>" : "")
            + Page.Table(
                ["Group", "#" + HtmlText.Encode(rate) + ", real", "#the same, synthetic", "#Score of trees from real rows", "#from synthetic rows"],
                result.Groups.Select(group => new[]
                {
                    HtmlText.Encode(group.Group), HtmlText.Interval(group.RateTraining), HtmlText.Interval(group.RateSynthetic),
                    group.ScoreTraining is null ? "" : HtmlText.Number(group.ScoreTraining),
                    group.ScoreSynthetic is null ? "" : HtmlText.Number(group.ScoreSynthetic),
                })
                .Append(
                [
                    "<b>Gap</b>", HtmlText.Number(result.RateGapTraining), HtmlText.Number(result.RateGapSynthetic),
                    HtmlText.Number(result.ScoreGapTraining), HtmlText.Number(result.ScoreGapSynthetic)
                ]));
    }
}

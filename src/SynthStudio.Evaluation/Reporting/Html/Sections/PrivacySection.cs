using System.Text;
using SynthStudio.Evaluation.Anonymity;
using SynthStudio.Evaluation.Copies;
using SynthStudio.Evaluation.Privacy;
using SynthStudio.Evaluation.Reporting.Html.Charts;

namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>Copies, attacks with intervals, and crowds.</summary>
internal static class PrivacySection
{
    public static string Render(EvaluationReport report) => report.Privacy is not { } privacy ? ""
        : Tests(privacy) + Copies(privacy.Copies, areFives: report.LeftOut is not null) + Attacks(privacy) + Membership(privacy)
            + (privacy.Anonymity is { } anonymity ? Crowds(anonymity) : "");

    private static string Tests(PrivacyResult privacy)
    {
        var alarms = privacy.Tests.Where(test => test.IsAlarm).ToArray();
        var html = new StringBuilder();
        html.Append(privacy.Tests.Count == 0 ? "<p>No holdout was given or no attack was asked for: only what stands in the training table word for word was counted.</p>"
            : alarms.Length == 0 ? $"<p>No {HtmlText.Term("alarm", "alarm")} among {privacy.Tests.Count} tests.</p>"
            : Page.Table(
                [HtmlText.Term("Alarm", "alarm"), "What was found", "#p"],
                alarms.Select(test => new[] { HtmlText.Encode(test.Measure.Replace('_', ' ')), HtmlText.Encode(test.Finding), HtmlText.PValue(test.PValue) })));
        return html.Append(privacy.Budget is { } budget
            ? $"<p class=\"soft\">{privacy.Mode} attacks: {HtmlText.Count(budget.Targets)} people a side and attack, near copies of at most {HtmlText.Count(budget.CopyPeople)} a side among at most {HtmlText.Count(budget.CopyRows)} synthetic rows, neighbours among at most {HtmlText.Count(budget.ReferenceRows)} rows.</p>"
            : "").ToString();
    }

    private static string Copies(CopyResult copies, bool areFives)
    {
        var rows = (copies.ExactRows, areFives) switch
        {
            (0, true) => "Fewer than three synthetic rows, if any, stand",
            (0, false) => "No synthetic row stands",
            (1, false) => "1 synthetic row stands",
            var (count, _) => $"{(areFives ? "About " : "")}{HtmlText.Count(count)} synthetic rows stand",
        };
        var html = new StringBuilder($"<h3>{HtmlText.Term("Copies", "copies")}</h3><p>{rows} in training");
        html.Append(copies is { ExactCopies: { } exact, ExactRows: > 0 }
            ? $"; chance, as the holdout shows it, explains all but {exact.Value:0} ({exact.Low:0}–{exact.High:0}) of them (p {HtmlText.PValue(copies.ExactPValue ?? 1)}).</p>"
            : ".</p>");
        if (copies is { NearCopies: { } people, NearPValue: { } pValue })
        {
            html.Append($"<p>{people.Value:0} ({people.Low:0}–{people.High:0}) training people have a synthetic row much closer to them than any other person, beyond what chance explains (p {HtmlText.PValue(pValue)}).</p>");
            html.Append(Page.Table(
                ["A synthetic row so many times closer to a person than any other person", "#Training people", "#Expected of them by chance", "#Holdout people", "#p"],
                copies.Near.Select(near => new[]
                {
                    $"{1 / near.Ratio:0}" + (near.Rare < 1 ? $", of the {HtmlText.Percent(near.Rare, 0)} of the rarest values" : ""), HtmlText.Count(near.Training), $"{near.Expected:0.#}", HtmlText.Count(near.Holdout), HtmlText.PValue(near.PValue),
                })));
        }

        return html.Append(copies.Ratios is { } ratios
            ? $"<p>{HtmlText.Term("NNDR", "dcr")}: median {HtmlText.Number(ratios.TrainMedian)} within training, {HtmlText.Number(ratios.HoldoutMedian)} within the holdout; 5 % quantile {HtmlText.Number(ratios.TrainLow)} and {HtmlText.Number(ratios.HoldoutLow)}.</p>"
            : "").ToString();
    }

    private static string Attacks(PrivacyResult privacy) => privacy.Attacks.Count == 0 ? ""
        : $"<h3>{HtmlText.Term("Attacks", "attacks")}</h3><p>Success on <span class=\"swatch\" style=\"background:var(--synthetic)\"></span>training people, <span class=\"swatch\" style=\"background:#7b8594\"></span>others, <span class=\"swatch\" style=\"background:#c9b458\"></span>guessing; 0 to 100 %.</p>"
            + Page.Table(
                ["Attack", "", "#Training people", "#Others", "#Guessing", "#Risk", "#p"],
                privacy.Attacks.Select(attack => new[]
                {
                    $"{HtmlText.Term(attack.Attack.Replace('_', ' '), attack.Attack == "attribute_disclosure" ? "inference" : attack.Attack)}: {HtmlText.Encode(attack.Variant)}",
                    IntervalChart.Draw(attack.Success, attack.Control, attack.Baseline),
                    HtmlText.PercentInterval(attack.Success), HtmlText.PercentInterval(attack.Control),
                    attack.Baseline is null ? "" : HtmlText.Percent(attack.Baseline.Value),
                    HtmlText.PercentInterval(attack.Risk),
                    attack.BeatsBaseline ? HtmlText.PValue(attack.PValue) : "<span class=\"soft\">no better than guessing</span>",
                }));

    private static string Membership(PrivacyResult privacy)
    {
        var rows = privacy.Membership.Select(attack => new[]
        {
            $"{HtmlText.Term("membership", "membership")}: {HtmlText.Encode(attack.Attack.Replace('_', ' '))}", HtmlText.Interval(attack.Auc), HtmlText.PercentInterval(attack.TruePositiveRate),
            HtmlText.Count(attack.Members), HtmlText.PValue(attack.PValue),
        });
        if (privacy.Outliers is { } outliers)
        {
            rows = rows.Append(
            [
                HtmlText.Term("exposure of the rarest", "outliers"), HtmlText.Interval(outliers.RareAuc), "",
                HtmlText.Count(outliers.RarePeople), HtmlText.PValue(outliers.PValue)
            ]);
        }

        return privacy.Membership.Count == 0 && privacy.Outliers is null ? ""
            : (privacy.Shadows is { } shadows
                ? $"<p class=\"soft\">Shadow models: {shadows.Count} by {HtmlText.Encode(shadows.Method)}, each learned {HtmlText.Count(shadows.People)} people, a random half of training and holdout, and drew {HtmlText.Count(shadows.Rows)} rows.</p>"
                : "")
            + Page.Table(["Ranking people", "#AUC, 0.5 is ideal", "#Found at 1 % wrongly accused", "#People", "#p"], rows);
    }

    private static string Crowds(AnonymityResult anonymity)
    {
        (string Name, Func<CrowdSizes, string> Of)[] maps = anonymity.Synthetic.MapsToOneShare is null ? [] : // It was left out.
        [
            ("fewest training people a row maps to (k-map)", crowd => crowd.SmallestMap is null ? "none" : HtmlText.Count(crowd.SmallestMap)),
            ("rows that map to one training person", crowd => HtmlText.Percent(crowd.MapsToOneShare)),
            ("rows that map to one to four", crowd => HtmlText.Percent(crowd.MapsToFewShare)),
        ];
        (string Name, Func<CrowdSizes, string> Of)[] rows =
        [
            ("smallest crowd (k-anonymity)", crowd => HtmlText.Count(crowd.SmallestClass)),
            ("rows alone in their crowd", crowd => HtmlText.Percent(crowd.UniqueShare)),
            .. maps,
            ($"fewest values of {anonymity.Synthetic.Sensitive ?? "the target"} in a crowd of five or more (l-diversity)", crowd => HtmlText.Count(crowd.LeastDiverse)),
            ("rows in such crowds with one value only", crowd => HtmlText.Percent(crowd.UniformShare)),
        ];
        return $"<h3>{HtmlText.Term("Crowds", "anonymity")} by {HtmlText.Encode(string.Join(", ", anonymity.QuasiIdentifiers))}</h3>"
            + (anonymity.AreGuessed ? "<p class=\"soft\">These columns were chosen by their names; name others by --quasi-identifiers.</p>" : "")
            + Page.Table(
                ["", "#Synthetic", "#Holdout, as if released"],
                rows.Select(row => new[]
                {
                    HtmlText.Encode(row.Name), row.Of(anonymity.Synthetic), anonymity.Holdout is null ? "" : row.Of(anonymity.Holdout)
                }));
    }
}

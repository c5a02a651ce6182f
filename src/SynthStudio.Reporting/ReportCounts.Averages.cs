using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static SynthStudio.Reporting.ReportJson;

namespace SynthStudio.Reporting;

/// <summary>
/// Averages over rows and columns. One row moves an average over n by about 1/n: told no finer than 5/n, it says as little of fewer than
/// five as a share of so many rows does. Of how many rows some are (what trees gained, distances, reports of earlier versions) nobody
/// knows: those are rounded.
/// </summary>
public static partial class ReportCounts
{
    /// <summary>Rows of a table of which nobody knows how many it has.</summary>
    private const double Unknown = 0;

    /// <summary>Decimals of an average of which nobody knows of how many rows it is.</summary>
    private const int FewDecimals = 2;

    /// <summary>Scores of models that are tried on the holdout.</summary>
    private static readonly string[] OnHoldout = ["tstr", "trtr"];

    /// <param name="report">The report, whose counts are still exact.</param>
    /// <param name="own">Rows of the smaller of the training and synthetic tables.</param>
    /// <param name="ofHoldout">Rows of the smaller of the training table and the holdout, which stands in the place of the synthetic one.</param>
    /// <param name="held">Rows of the holdout.</param>
    private static void Averages(JsonObject report, double own, double ofHoldout, double held)
    {
        foreach (var (section, rows) in ((string, double)[])[("metrics", own), ("intervals", own), ("ceiling", ofHoldout)])
        {
            if (report[section] is not JsonObject scores) continue;
            foreach (var name in scores.Select(score => score.Key).Where(name => Counted.All(counted => counted.Score != name)).ToList())
            {
                var of = OnHoldout.Contains(name) ? Math.Min(rows, held) : rows;
                if (scores[name] is JsonObject) SetEstimate(scores, name, of);
                else SetAverage(scores, name, of);
            }
        }

        if (report["detection"] is JsonObject detection)
        {
            var beside = Number(report["sampling"] as JsonObject, "detection_rows_per_class") ?? Unknown;
            SetEstimate(detection, "auc", beside);
            SetEstimate(detection, "holdout_auc", beside);
            foreach (var column in Objects(detection["telling_columns"])) SetAverage(column, "share", Unknown);
        }

        foreach (var target in Objects(report["utility"])) Utility(target, held);
        foreach (var group in Objects(report["subgroups"]))
        {
            var rows = RowsOf(group);
            SetAverage(group, "shape", rows);
            SetAverage(group, "shape_ceiling", rows);
            SetEstimate(group, "shape_interval", rows);
        }

        foreach (var parity in Objects(report["fairness"])) Parity(parity);
        if (report["privacy"] is JsonObject privacy) Closeness(privacy, own);
    }

    private static void Utility(JsonObject target, double held)
    {
        SetAverage(target, "importance_agreement", Unknown);
        foreach (var feature in Objects(target["features"]))
        {
            SetAverage(feature, "training", Unknown);
            SetAverage(feature, "synthetic", Unknown);
        }

        foreach (var model in Objects(target["models"])) SetEstimate(model, "score", Math.Min(Number(model, "rows") ?? Unknown, held));
    }

    /// <summary>Scores within groups, and means of a target that is a number.</summary>
    private static void Parity(JsonObject parity)
    {
        var groups = Objects(parity["groups"]).ToList();
        foreach (var (score, gap) in (ReadOnlySpan<(string, string)>)[("score_training", "score_gap_training"), ("score_synthetic", "score_gap_synthetic")])
        {
            foreach (var group in groups) SetAverage(group, score, RowsOf(group));
            var told = groups.Select(group => Number(group, score)).OfType<double>().ToList();
            if (told.Count > 1 && Number(parity, gap) is not null) parity[gap] = Written(Six(told.Max() - told.Min()));
            else SetAverage(parity, gap, Unknown);
        }

        if (parity["favoured"] is JsonValue) return; // Rates are told of groups in fives.
        foreach (var name in (string[])["rate_gap_training", "rate_gap_synthetic"]) SetRough(parity, name);
        foreach (var mean in groups.SelectMany(group => new[] { group["rate_training"], group["rate_synthetic"] }).OfType<JsonObject>())
            foreach (var name in (string[])["value", "low", "high"]) SetRough(mean, name);
    }

    /// <summary>How close synthetic rows are to people, where that is no count of them.</summary>
    private static void Closeness(JsonObject privacy, double own)
    {
        if (privacy["copies"]?["ratios"] is JsonObject ratios)
            foreach (var name in ratios.Select(ratio => ratio.Key).ToList()) SetAverage(ratios, name, own);
        foreach (var attack in Objects(privacy["membership"]))
            SetEstimate(attack, "auc", Math.Min(Number(attack, "members") ?? Unknown, Number(attack, "non_members") ?? Unknown));
        if (privacy["outliers"] is not JsonObject outliers) return;
        SetEstimate(outliers, "rare_auc", Math.Min(Number(outliers, "rare_people") ?? Unknown, Number(outliers, "rare_others") ?? Unknown));
        SetEstimate(outliers, "common_auc", own);
        SetRough(outliers, "rare_median_distance");
        SetRough(outliers, "rare_other_median_distance");
    }

    private static double RowsOf(JsonObject group) => Math.Min(Number(group, "train_rows") ?? Unknown, Number(group, "synthetic_rows") ?? Unknown);

    private static void SetAverage(JsonObject item, string name, double rows)
    {
        if (Number(item, name) is { } score) item[name] = Written(Average(score, rows));
    }

    private static void SetEstimate(JsonObject item, string name, double rows)
    {
        if (item[name] is not JsonObject estimate) return;
        foreach (var part in (string[])["value", "low", "high"]) SetAverage(estimate, part, rows);
    }

    private static void SetRough(JsonObject item, string name)
    {
        if (Number(item, name) is { } value) item[name] = Written(Rough(value));
    }

    private static double Average(double score, double rows) => rows >= 1 ? OnGrid(score, rows) : Math.Round(score, FewDecimals);

    /// <summary>Three digits of what has no scale of its own.</summary>
    private static double Rough(double value)
    {
        if (value == 0 || !double.IsFinite(value)) return value;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 2);
        return Six(Math.Round(value / unit) * unit);
    }

    /// <summary>A sentence whose figures are averages, told as those are.</summary>
    private static string Average(string sentence, double rows) => Figures().Replace(sentence, figure =>
    {
        var of = figure.Groups["hundredths"].Success ? 100 : 1;
        return Like(figure.Value, Average(double.Parse(figure.Value, CultureInfo.InvariantCulture) / of, rows) * of);
    });

    private static string RoughMeans(string sentence) =>
        Means().Replace(sentence, mean => Like(mean.Value, Rough(double.Parse(mean.Value, CultureInfo.InvariantCulture))));

    /// <summary>A number with as many decimals as another one is written with.</summary>
    private static string Like(string written, double value)
    {
        var point = written.IndexOf('.', StringComparison.Ordinal);
        return value.ToString($"F{(point < 0 ? 0 : written.Length - point - 1)}", CultureInfo.InvariantCulture);
    }

    /// <summary>Percentages and cases of a hundred, and scores after the name of their measure. No digits of columns' names.</summary>
    [GeneratedRegex(
        @"(?<hundredths>(?<![\w.])\d+(?:\.\d+)?(?= %| of 100 cases))|(?<=\((?:AUC|R2|macro-F1) |\((?:AUC|R2|macro-F1) -?\d+\.\d{3} against )-?\d+\.\d{3}", RegexOptions.CultureInvariant)]
    private static partial Regex Figures();

    [GeneratedRegex(@"(?<=differs by |, in the real table by )-?\d+\.\d{3}", RegexOptions.CultureInvariant)]
    private static partial Regex Means();
}

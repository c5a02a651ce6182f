using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static SynthStudio.Reporting.ReportJson;

namespace SynthStudio.Reporting;

/// <summary>
/// What a report's counts become for readers who may not see real rows. Counts of people, and of rows that are compared with people, are
/// told in fives, as shares of them are; intervals and risks are computed anew from what is told. Figures that would give the counts away
/// all the same (p-values, estimates of copies) are left out, but for whether they raise an alarm, and so are figures of the rarest people
/// where those are few. Scores of single columns and pairs are no finer than five rows make them, and so are scores that are averages over
/// rows and columns. Sizes of tables and settings stay. Works on the JSON of any version: the worker treats what it hands over so, and the
/// API, which knows reports by their JSON alone, what it gives out.
/// </summary>
public static partial class ReportCounts
{
    /// <summary>What a report says that was treated so leaves out.</summary>
    public const string LeftOut = "counts of fewer than five people: all are told in fives, scores no finer than five rows make them, and of p-values only that those of alarms are at most 0.01";

    /// <summary>Fewer people are few.</summary>
    private const int Least = 5;

    /// <summary>What the p-value of an alarm is below, whichever test it is of.</summary>
    private const double AlarmLevel = 0.01;

    private const double Z = 1.959964;
    private const string Some = "some";

    /// <summary>Scores that are a count of rows over all that were looked at, and how many those are.</summary>
    private static readonly (string Score, string Rows)[] Counted =
        [("exact_match_train", "synthetic_rows_used"), ("exact_match_holdout", "synthetic_rows_used"), ("authenticity", "coverage_rows"), ("dcr_share", "dcr_rows")];

    /// <summary>Changes the report in place.</summary>
    /// <exception cref="JsonException">It is no report.</exception>
    public static void Coarsen(JsonObject report)
    {
        var sampling = report["sampling"] as JsonObject;
        var (train, synthetic, holdout) = (Number(sampling, "train_rows_used"), Number(sampling, "synthetic_rows_used"), Number(sampling, "holdout_rows_used"));
        var (own, ofHoldout) = (Math.Min(train ?? 0, synthetic ?? 0), Math.Min(train ?? 0, holdout ?? 0));
        Averages(report, own, ofHoldout, holdout ?? Unknown); // First: of how many rows an average is, is told in fives afterwards.
        SetFives(sampling, "tstr_rows");
        Scores(report, sampling, holdout);
        Validity(report["validity"] as JsonObject, train, synthetic, holdout);
        foreach (var scores in Objects(report["columns"]).Concat(Objects(report["pairs"])))
        {
            foreach (var name in scores.Select(field => field.Key).ToList())
                SetScore(scores, name, name.EndsWith("_ceiling", StringComparison.Ordinal) ? ofHoldout : own);
        }

        foreach (var name in (string[])["roc", "holdout_roc"])
            if (report["detection"]?[name] is JsonArray curve) report["detection"]![name] = Each(curve, Number(sampling, "detection_rows_per_class"), OnGrid);
        foreach (var model in Objects(report["utility"]).SelectMany(target => Objects(target["models"]))) SetFives(model, "rows");
        foreach (var parity in Objects(report["fairness"])) Fairness(parity);
        foreach (var group in Objects(report["subgroups"]))
        {
            SetFives(group, "train_rows");
            SetFives(group, "synthetic_rows");
            SetShare(group, "train_share", train);
            SetShare(group, "synthetic_share", synthetic);
        }

        foreach (var histogram in Objects(report["histograms"]))
        {
            foreach (var (table, rows) in (ReadOnlySpan<(string, double?)>)[("train", train), ("synthetic", synthetic), ("holdout", holdout)])
                if (histogram[table] is JsonArray shares) histogram[table] = Each(shares, rows, Share);
            SetShare(histogram, "missing_train", train);
            SetShare(histogram, "missing_synthetic", synthetic);
        }

        if (report["privacy"] is JsonObject privacy) Privacy(privacy, train);
        Words(report, own, holdout ?? Unknown);
    }

    private static void Scores(JsonObject report, JsonObject? sampling, double? holdout)
    {
        var intervals = report["intervals"] as JsonObject;
        foreach (var (score, counted) in Counted)
        {
            var rows = Number(sampling, counted) ?? 0;
            SetShare(report["metrics"] as JsonObject, score, rows);
            SetShare(report["ceiling"] as JsonObject, score, Math.Min(rows, holdout ?? 0)); // The holdout stands in the place of the synthetic rows.
            if (intervals?[score] is not JsonObject interval) continue;
            if (rows < 1)
            {
                intervals.Remove(score);
                continue;
            }

            var (value, low, high) = (Number(interval, "value") ?? 0, Number(interval, "low") ?? 0, Number(interval, "high") ?? 1);
            var told = Share(value, rows);
            if (counted == "synthetic_rows_used") intervals[score] = Wilson(told * rows, rows);
            else if (Math.Min(told, 1 - told) * rows <= 2 * Least) intervals.Remove(score); // Its ends would say how few they are.
            else intervals[score] = Estimate(told, OnGrid(low, rows), OnGrid(high, rows));
        }
    }

    private static void Validity(JsonObject? validity, double? train, double? synthetic, double? holdout)
    {
        foreach (var column in Objects(validity?["columns"]))
        {
            // Values outside are counted among those that are there.
            var (present, presentInHoldout) = (synthetic * (1 - (Number(column, "null_rate_synthetic") ?? 0)), holdout * (1 - (Number(column, "null_rate_holdout") ?? 0)));
            SetShare(column, "outside_synthetic", present);
            SetShare(column, "outside_holdout", presentInHoldout);
            SetShare(column, "null_rate_train", train);
            SetShare(column, "null_rate_holdout", holdout);
            foreach (var share in (string[])["null_rate_synthetic", "duplicate_keys", "invalid_synthetic"]) SetShare(column, share, synthetic);
        }

        foreach (var rule in Objects(validity?["rules"]))
        {
            SetShare(rule, "broken_train", train);
            SetShare(rule, "broken_synthetic", synthetic);
            SetShare(rule, "broken_holdout", holdout);
        }
    }

    /// <summary>Rates of a target's value are told of groups in fives; means of numbers are averages.</summary>
    private static void Fairness(JsonObject parity)
    {
        var isRate = parity["favoured"] is JsonValue;
        foreach (var (table, gap) in (ReadOnlySpan<(string, string)>)[("training", "rate_gap_training"), ("synthetic", "rate_gap_synthetic")])
        {
            var (name, count) = ($"rate_{table}", table == "training" ? "train_rows" : "synthetic_rows");
            var told = new List<double>();
            foreach (var group in Objects(parity["groups"]))
            {
                var (rows, all) = (Number(group, count) ?? 0, Fives(Number(group, count) ?? 0));
                SetFives(group, count);
                if (!isRate || Number(group[name] as JsonObject, "value") is not { } rate) continue;
                var hits = Math.Min(all, Fives(rate * rows));
                group[name] = Wilson(hits, all);
                told.Add(all == 0 ? 0 : hits / all);
            }

            if (told.Count > 1) parity[gap] = Written(Six(told.Max() - told.Min()));
        }
    }

    private static void Privacy(JsonObject privacy, double? train)
    {
        var tests = Objects(privacy["tests"]).ToList();
        var alarms = tests.Where(test => test["is_alarm"] is JsonValue alarm && alarm.TryGetValue<bool>(out var isAlarm) && isAlarm)
            .Select(test => Text(test, "measure")).ToHashSet(StringComparer.Ordinal);
        if (privacy["copies"] is JsonObject copies)
        {
            SetFives(copies, "exact_rows");
            SetShare(copies, "unique_share", train);
            SetPValue(copies, "exact_p_value", alarms.Contains("exact_copies"));
            SetPValue(copies, "near_p_value", alarms.Contains("near_copies"));
            (copies["exact_copies"], copies["near_copies"], copies["near"]) = (null, null, new JsonArray());
        }

        foreach (var attack in Objects(privacy["attacks"]))
        {
            Attack(attack);
            SetPValue(attack, "p_value", alarms.Contains($"{Text(attack, "attack")} ({Text(attack, "variant")})"));
        }

        foreach (var attack in Objects(privacy["membership"]))
        {
            var people = Number(attack, "members") ?? 0;
            if (Number(attack["true_positive_rate"] as JsonObject, "value") is { } found) attack["true_positive_rate"] = Wilson(Math.Min(people, Fives(found * people)), people);
            SetPValue(attack, "p_value", alarms.Contains($"membership ({Text(attack, "attack")})"));
        }

        if (privacy["outliers"] is JsonObject outliers)
        {
            if (Math.Min(Number(outliers, "rare_people") ?? 0, Number(outliers, "rare_others") ?? 0) < Least) privacy["outliers"] = null;
            SetFives(outliers, "rare_people");
            SetFives(outliers, "rare_others");
            SetPValue(outliers, "p_value", alarms.Contains("outlier_exposure"));
        }

        // By their names, so that their order tells nothing of their p-values.
        privacy["tests"] = new JsonArray([.. tests
            .OrderByDescending(test => alarms.Contains(Text(test, "measure")))
            .ThenBy(test => Text(test, "measure"), StringComparer.Ordinal)
            .Select(test =>
            {
                var isAlarm = alarms.Contains(Text(test, "measure"));
                SetPValue(test, "p_value", isAlarm);
                test["finding"] = $"finds {(isAlarm ? "" : "no ")}more of people in training than chance explains";
                return (JsonNode)test.DeepClone();
            })]);
    }

    private static void Attack(JsonObject attack)
    {
        var (attempts, others) = (Number(attack, "attempts") ?? 0, Number(attack, "control_attempts") ?? 0);
        var success = Told("success", attempts);
        var control = Told("control", others);
        if (attack["baseline"] is JsonObject) _ = Told("baseline", attempts);
        attack["risk"] = Risk(success, control);
        SetFives(attack, "attempts");
        SetFives(attack, "control_attempts");

        JsonObject Told(string name, double of)
        {
            var rate = Wilson(Math.Min(Fives(of), Fives((Number(attack[name] as JsonObject, "value") ?? 0) * of)), Fives(of));
            attack[name] = rate;
            return rate;
        }
    }

    /// <summary>(success - control) / (1 - control), its error propagated to first order from both rates, as in the whole report.</summary>
    private static JsonObject Risk(JsonObject success, JsonObject control)
    {
        var (of, chance) = ((double)success["value"]!, (double)control["value"]!);
        if (chance >= 1) return Estimate(0, 0, 0);
        var left = 1 - chance;
        var (fromSuccess, fromControl) = (Error(success) / left, (of - 1) / (left * left) * Error(control));
        var (value, half) = ((of - chance) / left, Z * Math.Sqrt((fromSuccess * fromSuccess) + (fromControl * fromControl)));
        return Estimate(Math.Clamp(value, 0, 1), Math.Clamp(value - half, 0, 1), Math.Clamp(value + half, 0, 1));

        static double Error(JsonObject rate) => ((double)rate["high"]! - (double)rate["low"]!) / (2 * Z);
    }

    /// <summary>Sentences lose the shares that they tell; the privacy tests' is made anew.</summary>
    private static void Words(JsonObject report, double own, double held)
    {
        if (report["validity"] is JsonObject validity && validity["notes"] is JsonArray notes)
            validity["notes"] = new JsonArray([.. notes.Select(note =>
                (JsonNode)Percentages().Replace(note is JsonValue text && text.TryGetValue<string>(out var known) ? known : "", Some))]);
        var tests = Objects(report["privacy"]?["tests"]).ToList();
        var alarms = tests.Where(test => (double?)test["p_value"] < 1).Select(test => Text(test, "measure").Replace('_', ' ')).ToList();
        foreach (var finding in Objects(report["verdict"]?["findings"]))
        {
            switch (Text(finding, "aspect"))
            {
                case "Is it well-formed?":
                    finding["reason"] = Percentages().Replace(Text(finding, "reason"), Some);
                    break;
                case "Is it fair?":
                    finding["reason"] = RoughMeans(Percentages().Replace(Text(finding, "reason"), Some));
                    break;
                case "Is it alike?":
                    finding["reason"] = Average(Text(finding, "reason"), own);
                    break;
                case "Can it be told apart?":
                    finding["reason"] = Average(Text(finding, "reason"), Number(report["sampling"] as JsonObject, "detection_rows_per_class") ?? Unknown);
                    break;
                case "Is it useful?":
                    finding["reason"] = Average(Text(finding, "reason"), Math.Min(own, held));
                    break;
                case "Is it safe?" when alarms.Count > 0:
                    finding["reason"] = $"{alarms.Count} of {tests.Count} privacy tests {(alarms.Count == 1 ? "raises" : "raise")} an alarm: {string.Join(", ", alarms)}.";
                    break;
            }
        }
    }

    private static void SetFives(JsonObject? item, string name)
    {
        if (Number(item, name) is { } count) item![name] = Written(Fives(count));
    }

    /// <summary>Where nobody knows of how many rows a share is, it is left out.</summary>
    private static void SetShare(JsonObject? item, string name, double? rows)
    {
        if (Number(item, name) is { } share) item![name] = rows >= 1 ? Written(Share(share, rows.Value)) : null;
    }

    private static void SetScore(JsonObject item, string name, double rows)
    {
        if (Number(item, name) is { } score) item[name] = rows >= 1 ? Written(OnGrid(score, rows)) : null;
    }

    private static void SetPValue(JsonObject item, string name, bool isAlarm)
    {
        if (Number(item, name) is not null) item[name] = Written(isAlarm ? AlarmLevel : 1);
    }

    private static double Fives(double count) => Math.Floor((Math.Round(count) + (Least / 2)) / Least) * Least;

    private static double Share(double share, double rows) => Six(Math.Min(1, Fives(share * rows) / Math.Round(rows)));

    /// <summary>A score no finer than five rows could move it.</summary>
    private static double OnGrid(double score, double rows)
    {
        var told = Math.Round(score * rows / Least) * Least / rows;
        return Six(score <= 1 ? Math.Min(1, told) : told);
    }

    /// <summary>Wilson's interval of a share.</summary>
    private static JsonObject Wilson(double hits, double all)
    {
        if (all < 1) return Estimate(0, 0, 1);
        var (share, z2) = (hits / all, Z * Z);
        var centre = (hits + (z2 / 2)) / (all + z2);
        var half = Z / (all + z2) * Math.Sqrt((share * (1 - share) * all) + (z2 / 4));
        return Estimate(Math.Min(1, share), Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    private static JsonObject Estimate(double value, double low, double high) =>
        new() { ["value"] = Written(Six(value)), ["low"] = Written(Six(low)), ["high"] = Written(Six(high)) };

    private static double Six(double value) => Math.Round(value, 6);

    private static JsonArray Each(JsonArray numbers, double? rows, Func<double, double, double> tell) =>
        rows >= 1 ? new([.. numbers.Select(number => Written(tell(Number(number) ?? throw new JsonException("A share is no number."), rows.Value)))]) : [];

    private static double? Number(JsonObject? item, string name) => Number(item?[name]);

    /// <summary>A number, whether it was parsed or put in as one of whatever type.</summary>
    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    /// <summary>A number like a parsed one, which can be read as any type that holds it.</summary>
    private static JsonNode Written(double number) => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))!;

    [GeneratedRegex(@"\d[\d.,]*\s?(?:%|percentage points)", RegexOptions.CultureInvariant)]
    private static partial Regex Percentages();
}

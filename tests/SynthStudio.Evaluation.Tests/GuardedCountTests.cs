using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Reporting;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>
/// What those who may not see real rows are told, over small tables each of which differs from the one before in one row: one more of
/// training stands in the synthetic table. Every number there is is of a kind that is named here, and counts tell of no fewer than five
/// people.
/// </summary>
[TestClass]
public sealed class GuardedCountTests
{
    private const int Rows = 160, OthersRows = 130, MostCopies = 9;

    /// <summary>Settings, sizes of tables, and times.</summary>
    private static readonly string[] Sizes =
    [
        "format_version", "seed", "sampling.*", "privacy.budget.*", "privacy.membership.members", "privacy.membership.non_members", "seconds.*",
    ];

    /// <summary>What synthetic rows are among themselves, and what <c>ReportGuard</c> and <c>ValueGuard</c> leave out.</summary>
    private static readonly string[] Crowds = ["privacy.anonymity.synthetic.*", "privacy.anonymity.holdout.*"];

    /// <summary>Averages of which nobody knows of how many rows they are: two decimals.</summary>
    private static readonly string[] Rounded = ["detection.telling_columns.share", "utility.importance_agreement", "utility.features.*"];

    /// <summary>Distances: three digits.</summary>
    private static readonly string[] Rough = ["privacy.outliers.rare_median_distance", "privacy.outliers.rare_other_median_distance"];

    /// <summary>Counts of people, or of rows that are compared with people.</summary>
    private static readonly string[] Counts =
    [
        "privacy.copies.exact_rows", "privacy.attacks.attempts", "privacy.attacks.control_attempts", "privacy.outliers.rare_people", "privacy.outliers.rare_others", "utility.models.rows",
        "subgroups.train_rows", "subgroups.synthetic_rows", "fairness.groups.train_rows", "fairness.groups.synthetic_rows", "sampling.tstr_rows",
    ];

    /// <summary>Shares of such counts, or scores no finer than those, and of how many rows.</summary>
    private static readonly (string Path, int Of)[] Shares =
    [
        ("metrics.exact_match_train", Rows), ("metrics.exact_match_holdout", Rows), ("ceiling.exact_match_train", OthersRows), ("metrics.dcr_share", Rows), ("metrics.authenticity", Rows),
        ("ceiling.authenticity", OthersRows), ("intervals.exact_match_train.value", Rows), ("intervals.exact_match_holdout.value", Rows), ("intervals.authenticity.*", Rows), ("intervals.dcr_share.*", Rows),
        ("validity.columns.null_rate_train", Rows), ("validity.columns.null_rate_synthetic", Rows), ("validity.columns.duplicate_keys", Rows), ("validity.columns.invalid_synthetic", Rows),
        ("validity.columns.null_rate_holdout", OthersRows), ("columns.*", Rows), ("pairs.*", Rows),
        ("histograms.train", Rows), ("histograms.synthetic", Rows), ("histograms.holdout", OthersRows), ("histograms.missing_*", Rows), ("subgroups.train_share", Rows),
        ("subgroups.synthetic_share", Rows), ("privacy.copies.unique_share", Rows),
        ("metrics.tstr", OthersRows), ("metrics.trtr", OthersRows), ("metrics.*", Rows), ("ceiling.*", OthersRows),
        ("intervals.tstr.*", OthersRows), ("intervals.trtr.*", OthersRows), ("intervals.*", Rows), ("privacy.copies.ratios.*", Rows), ("privacy.outliers.common_auc.*", Rows),
    ];

    /// <summary>Shares whose wholes differ from column to column, from group to group, or from attack to attack: they are looked at by themselves.</summary>
    private static readonly string[] OfOwnWhole =
    [
        "validity.columns.outside_*", "columns.*_ceiling", "detection.*roc", "fairness.groups.rate_*.*", "fairness.rate_gap_*", "privacy.attacks.success.*", "privacy.attacks.control.*",
        "privacy.attacks.baseline.*", "privacy.attacks.risk.*", "privacy.membership.true_positive_rate.*", "intervals.exact_match_*.*", "detection.auc.*", "detection.holdout_auc.*",
        "utility.models.score.*", "subgroups.shape", "subgroups.shape_ceiling", "subgroups.shape_interval.*", "fairness.groups.score_*", "fairness.score_gap_*", "privacy.membership.auc.*",
        "privacy.outliers.rare_auc.*",
    ];

    /// <summary>Only whether there is an alarm.</summary>
    private static readonly string[] Alarms = ["privacy.copies.exact_p_value", "privacy.copies.near_p_value", "privacy.*.p_value"];

    private static readonly Lazy<(EvaluationReport Whole, JsonObject Told)[]> Reports = new(() =>
    {
        var (train, others, made) = (People.Make(Rows, 1), People.Make(OthersRows, 2), People.Make(Rows, 3));
        return [.. Enumerable.Range(0, MostCopies + 1).Select(copies =>
        {
            var report = Evaluator.Evaluate(
                Replace(train, made, copies), made, others,
                new EvaluationOptions { QuasiIdentifiers = ["city", "owns"], ProtectedColumns = ["city"] });
            var told = JsonNode.Parse(report.ToJson())!.AsObject();
            ReportCounts.Coarsen(told);
            return (report, told);
        })];
    });

    [TestMethod]
    public void Every_number_is_of_a_kind_that_tells_of_no_fewer_than_five_people()
    {
        foreach (var (whole, told) in Reports.Value)
        {
            foreach (var (path, number) in Numbers(told, ""))
            {
                var share = Shares.FirstOrDefault(known => Matches(known.Path, path));
                if (Alarms.Any(known => Matches(known, path))) Assert.IsTrue(number is 1 or 0.01, $"{path} is {number}");
                else if (Counts.Any(known => Matches(known, path))) Assert.AreEqual(0, number % 5, $"{path} is {number}");
                else if (OfOwnWhole.Any(known => Matches(known, path))) continue;
                else if (share.Path is not null) AssertInFives(number, share.Of, path);
                else if (Rounded.Any(known => Matches(known, path))) Assert.AreEqual(Math.Round(number, 2), number, 1e-9, path);
                else if (Rough.Any(known => Matches(known, path))) Assert.IsTrue(number == 0 || $"{number / Math.Pow(10, Math.Floor(Math.Log10(number))):0.0000}".EndsWith("00", StringComparison.Ordinal), $"{path} is {number}");
                else Assert.IsTrue(Sizes.Concat(Crowds).Any(known => Matches(known, path)), $"{path} is {number}, and nobody has said what it may tell.");
            }

            var attacks = told["privacy"]!["attacks"]!.AsArray();
            Assert.IsGreaterThan(5, attacks.Count);
            foreach (var attack in attacks)
                foreach (var (rate, of) in ((string, string)[])[("success", "attempts"), ("control", "control_attempts"), ("baseline", "attempts")])
                    if (attack![rate] is JsonObject estimate) AssertInFives((double)estimate["value"]!, (double)attack[of]!, $"{attack["attack"]} {rate}");
            foreach (var attack in told["privacy"]!["membership"]!.AsArray())
            {
                AssertInFives((double)attack!["true_positive_rate"]!["value"]!, (double)attack["members"]!, "membership");
                foreach (var part in (string[])["value", "low", "high"])
                    AssertInFives((double)attack["auc"]![part]!, Math.Min((double)attack["members"]!, (double)attack["non_members"]!), "membership");
            }

            if (told["detection"] is JsonObject detection)
            {
                foreach (var part in (string[])["value", "low", "high"]) AssertInFives((double)detection["auc"]![part]!, (double)told["sampling"]!["detection_rows_per_class"]!, "detection");
            }

            foreach (var group in told["fairness"]!.AsArray().SelectMany(parity => parity!["groups"]!.AsArray()))
                AssertInFives((double)group!["rate_training"]!["value"]!, (double)group["train_rows"]!, "rate_training");
            Assert.IsGreaterThan(0, whole.Privacy!.Attacks.Count);
        }
    }

    [TestMethod]
    public void What_is_told_of_copies_depends_on_their_number_in_fives_and_the_alarm_alone()
    {
        var told = Reports.Value.Select(report => (
            report.Whole.Privacy!.Copies.ExactRows,
            Fives: (double)report.Told["privacy"]!["copies"]!["exact_rows"]!,
            Alarm: string.Join(' ', report.Whole.Privacy.Tests.Where(test => test.IsAlarm).Select(test => test.Measure).Order(StringComparer.Ordinal)),
            Copies: string.Join('\n', Numbers(report.Told["privacy"]!["copies"]!.AsObject(), "").Where(n => !n.Path.StartsWith("ratios", StringComparison.Ordinal)).Concat(
                Numbers(new JsonObject
                {
                    ["score"] = report.Told["metrics"]!["exact_match_train"]!.DeepClone(),
                    ["interval"] = report.Told["intervals"]!["exact_match_train"]!.DeepClone(),
                    ["tests"] = new JsonArray(
                    [
                        .. report.Told["privacy"]!["tests"]!.AsArray()
                            .Where(test => ((string)test!["measure"]!).EndsWith("_copies", StringComparison.Ordinal))
                            .Select(test => test!.DeepClone()),
                    ]),
                }, ""))))).ToList();

        CollectionAssert.AreEqual(Enumerable.Range(0, MostCopies + 1).ToList(), told.Select(t => t.ExactRows).ToList(), "One row more each time.");
        CollectionAssert.AreEqual(new double[] { 0, 0, 0, 5, 5, 5, 5, 5, 10, 10 }, told.Select(t => t.Fives).ToList());
        foreach (var alike in told.GroupBy(t => (t.Fives, t.Alarm))) Assert.HasCount(1, alike.Select(t => t.Copies).Distinct().ToList(), $"{alike.Key}: {string.Join("\n", alike.Select(t => t.Copies))}");
    }

    [TestMethod]
    public void Words_tell_averages_as_figures_do()
    {
        foreach (var (_, told) in Reports.Value)
        {
            var reasons = told["verdict"]!["findings"]!.AsArray().ToDictionary(finding => (string)finding!["aspect"]!, finding => (string)finding!["reason"]!);
            var percentages = Regex.Matches(reasons["Is it alike?"], @"[\d.]+(?= %)")
                .Select(found => double.Parse(found.Value, System.Globalization.CultureInfo.InvariantCulture) / 100).ToList();
            Assert.HasCount(2, percentages);
            foreach (var share in percentages) Assert.AreEqual(5 * Math.Round(share * Rows / 5) / Rows, share, .0005 + 1e-9, reasons["Is it alike?"]);
        }
    }

    [TestMethod]
    public void Words_lose_no_more_than_their_figures()
    {
        const string Alike = "Columns and pairs of columns agree with the real ones to 97.4 %; fresh real rows would reach 98.3 %.";
        const string Told = "Of a real and a synthetic row, a learned model points out the synthetic one in 53 of 100 cases; a coin's toss is right in 50. It goes by v1.25, x7.";
        const string Useful = "A model learned from it predicts real rows as well as one learned from the real table: 97 % of what can be learned is kept (AUC 0.912 against 0.934).";
        const string Fair = "Between groups of v1.25, the mean of pay differs by 1234.567, in the real table by -0.012.";
        var report = new JsonObject
        {
            ["sampling"] = new JsonObject { ["train_rows_used"] = 100, ["synthetic_rows_used"] = 200, ["holdout_rows_used"] = 50, ["detection_rows_per_class"] = 50 },
            ["verdict"] = new JsonObject
            {
                ["findings"] = new JsonArray([.. new[] { ("Is it alike?", Alike), ("Can it be told apart?", Told), ("Is it useful?", Useful), ("Is it fair?", Fair) }
                    .Select(finding => (JsonNode)new JsonObject { ["aspect"] = finding.Item1, ["reason"] = finding.Item2 })]),
            },
        };

        ReportCounts.Coarsen(report);

        CollectionAssert.AreEqual(
            new[]
            {
                "Columns and pairs of columns agree with the real ones to 95.0 %; fresh real rows would reach 100.0 %.",
                "Of a real and a synthetic row, a learned model points out the synthetic one in 50 of 100 cases; a coin's toss is right in 50. It goes by v1.25, x7.",
                "A model learned from it predicts real rows as well as one learned from the real table: 100 % of what can be learned is kept (AUC 0.900 against 0.900).",
                "Between groups of v1.25, the mean of pay differs by 1230.000, in the real table by -0.012.",
            },
            report["verdict"]!["findings"]!.AsArray().Select(finding => (string)finding!["reason"]!).ToArray());
    }

    [TestMethod]
    public void Neither_words_nor_the_page_tell_the_number()
    {
        var (whole, told) = Reports.Value[7];
        Assert.Contains("7 rows stand in training", string.Join(' ', whole.Privacy!.Tests.Select(test => test.Finding)));
        Assert.Contains("7 synthetic rows stand in training", whole.ToHtml());

        var words = string.Join(' ', told["privacy"]!["tests"]!.AsArray().Concat(told["verdict"]!["findings"]!.AsArray()).Select(item => item!["finding"] ?? item["reason"]));
        Assert.DoesNotContain("7 rows", words);
        var page = whole.WithoutValues().ToHtml();
        Assert.Contains("About 5 synthetic rows stand in training", page);
        Assert.DoesNotContain("7 rows", page);
        Assert.DoesNotContain("7 synthetic rows", page);
        Assert.Contains("Fewer than three synthetic rows, if any, stand in training", Reports.Value[2].Whole.WithoutValues().ToHtml());
    }

    [TestMethod]
    public void What_is_told_keeps_the_schema_and_is_read_again()
    {
        foreach (var (whole, told) in Reports.Value.Take(2))
        {
            SchemaCheck.Check(JsonNode.Parse(ReportSchema.ToJson())!, told, "report");
            Assert.AreEqual(whole.Metrics.Shape!.Value, EvaluationReport.FromJson(told.ToJsonString()).Metrics.Shape!.Value, 2.5 / Rows + 1e-6);
        }
    }

    [TestMethod]
    public void Shares_of_unknown_wholes_are_left_out()
    {
        var report = JsonNode.Parse("""{"metrics":{"shape":0.9,"exact_match_train":0.003},"columns":[{"name":"a","shape":0.7}],"histograms":[{"train":[0.3]}],"privacy":null}""")!.AsObject();
        ReportCounts.Coarsen(report);
        Assert.AreEqual("""{"metrics":{"shape":0.9,"exact_match_train":null},"columns":[{"name":"a","shape":null}],"histograms":[{"train":[]}],"privacy":null}""", report.ToJsonString());
        Assert.Throws<JsonException>(() => ReportCounts.Coarsen(JsonNode.Parse("""{"sampling":{"train_rows_used":9},"histograms":[{"train":["x"]}]}""")!.AsObject()));
    }

    [TestMethod]
    public void Numbers_are_told_alike_whether_they_were_parsed_or_put_in_and_are_read_as_any_type_that_holds_them()
    {
        var built = new JsonObject
        {
            ["sampling"] = new JsonObject { ["train_rows_used"] = 100, ["synthetic_rows_used"] = 200L },
            ["subgroups"] = new JsonArray(new JsonObject { ["train_rows"] = 7, ["synthetic_rows"] = 8m, ["train_share"] = 0.07f }),
        };
        var parsed = JsonNode.Parse(built.ToJsonString())!.AsObject();
        foreach (var report in (JsonObject[])[built, parsed])
        {
            ReportCounts.Coarsen(report);
            Assert.AreEqual("""[{"train_rows":5,"synthetic_rows":10,"train_share":0.05}]""", report["subgroups"]!.ToJsonString());
            Assert.AreEqual(5, report["subgroups"]![0]!["train_rows"]!.GetValue<int>());
            Assert.AreEqual(5.0, report["subgroups"]![0]!["train_rows"]!.GetValue<double>());
        }
    }

    /// <summary>The table with its first rows replaced by those of another.</summary>
    private static Table Replace(Table table, Table by, int rows) => new(table.Schema, [.. table.Columns.Zip(by.Columns).Select(pair => pair.First switch
    {
        NumericColumn numbers => new NumericColumn(numbers.Schema, [.. ((NumericColumn)pair.Second).Values.Take(rows), .. numbers.Values.Skip(rows)]),
        CodedColumn codes => (Column)new CodedColumn(codes.Schema, [.. ((CodedColumn)pair.Second).Codes.Take(rows), .. codes.Codes.Skip(rows)], codes.Values),
        _ => throw new NotSupportedException(),
    })]);

    private static void AssertInFives(double share, double of, string what)
    {
        var count = share * of;
        Assert.IsTrue(share == 1 || Math.Abs(count - (5 * Math.Round(count / 5))) < 1e-3 * Math.Max(1, of / 1000), $"{what}: {share} of {of} is {count}");
    }

    private static IEnumerable<(string Path, double Number)> Numbers(JsonNode? node, string path) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Numbers(field.Value, path.Length == 0 ? field.Key : $"{path}.{field.Key}")),
        JsonArray items => items.SelectMany(item => Numbers(item, path)),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => [(path, value.GetValue<double>())],
        _ => [],
    };

    private static bool Matches(string pattern, string path) => Regex.IsMatch(path, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$");
}

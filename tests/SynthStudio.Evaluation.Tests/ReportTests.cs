using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Evaluation.Reporting.Verdicts;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>The report as a page and as JSON.</summary>
[TestClass]
public sealed partial class ReportTests
{
    private const int Rows = 1500;

    private static readonly Lazy<EvaluationReport> Fresh = new(() =>
        Evaluator.Evaluate(People.Make(Rows, 1), People.Make(Rows, 3), People.Make(Rows, 2), new EvaluationOptions { ProtectedColumns = ["city"] }));

    [TestMethod]
    public void The_page_is_well_formed_and_loads_nothing()
    {
        var html = Fresh.Value.ToHtml();

        _ = Parse(html);
        foreach (var forbidden in new[] { "<script", "src=", "@import", "url(", "http-equiv=\"refresh", "onload", "javascript:" })
        {
            Assert.IsFalse(html.Contains(forbidden, StringComparison.OrdinalIgnoreCase), forbidden);
        }

        Assert.IsFalse(LinkElsewhere().IsMatch(html), "Links stay in the page.");
        Assert.IsLessThan(3_000_000, html.Length);
    }

    [TestMethod]
    public void Every_link_leads_to_something_in_the_page()
    {
        var page = Parse(Fresh.Value.ToHtml());
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();

        Assert.HasCount(ids.Count, ids.Distinct().ToList());
        var links = page.Descendants("a").Attributes("href").Select(href => href.Value).ToList();
        Assert.IsGreaterThan(20, links.Count);
        CollectionAssert.IsSubsetOf(links.Select(link => link.TrimStart('#')).Distinct().ToList(), ids);
    }

    [TestMethod]
    public void All_that_was_measured_is_on_the_page()
    {
        var page = Parse(Fresh.Value.ToHtml());
        var text = page.Root!.Value;

        string[] expected =
        [
            .. People.Schema.Columns.Select(column => column.Name), .. Fresh.Value.Verdict!.Findings.Select(finding => finding.Reason),
            .. Fresh.Value.Privacy!.Attacks.Select(attack => attack.Variant), .. Fresh.Value.NotMeasured.Select(missing => missing.Reason),
        ];
        foreach (var words in expected) Assert.IsTrue(text.Contains(words, StringComparison.Ordinal), words);
        Assert.HasCount(3, page.Descendants("svg").Where(svg => (string?)svg.Attribute("class") == "heat").ToList());
        Assert.HasCount(People.Schema.Columns.Count, page.Descendants("svg").Where(
            svg => ((string?)svg.Attribute("aria-label") ?? "").StartsWith("Distribution of", StringComparison.Ordinal)).ToList());
        Assert.IsTrue(page.Descendants("svg").Any(svg => (string?)svg.Attribute("class") == "roc"));
    }

    [TestMethod]
    public void Names_and_values_from_data_cannot_become_part_of_the_page()
    {
        const string Hostile = "<img src=x onerror=alert(1)>";
        var schema = new TableSchema
        {
            Columns =
            [
                new ColumnSchema { Name = Hostile, Kind = ColumnKind.Categorical },
                new ColumnSchema { Name = "x", Kind = ColumnKind.Integer },
            ],
        };
        Table Make(int seed)
        {
            var random = new Random(seed);
            return new Table(schema, [
                new CodedColumn(schema.Columns[0], [.. Enumerable.Range(0, 200).Select(_ => random.Next(2))], ["\"><b>", "</style>&"]),
                new NumericColumn(schema.Columns[1], [.. Enumerable.Range(0, 200).Select(_ => (double)random.Next(9))])]);
        }

        var html = Evaluator.Evaluate(Make(1), Make(2), Make(3), new EvaluationOptions()).ToHtml();

        _ = Parse(html);
        Assert.IsFalse(html.Contains("<img", StringComparison.Ordinal));
        Assert.IsFalse(html.Contains("\"><b>", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_wide_table_still_makes_a_page_of_less_than_three_megabytes()
    {
        const int Columns = 200;
        var schema = new TableSchema { Columns = [.. Enumerable.Range(0, Columns).Select(i => new ColumnSchema { Name = $"a_rather_long_name_of_column_{i}", Kind = ColumnKind.Decimal })] };
        Table Make(int seed)
        {
            var random = new Random(seed);
            return new Table(
                schema,
                [
                    .. schema.Columns.Select(column =>
                        new NumericColumn(column, [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())])),
                ]);
        }

        var options = new EvaluationOptions { Parts = EvaluationParts.Shape | EvaluationParts.Distribution | EvaluationParts.Trend };
        var html = Evaluator.Evaluate(Make(1), Make(2), Make(3), options).ToHtml();

        _ = Parse(html);
        Assert.IsLessThan(3_000_000, html.Length);
    }

    [TestMethod]
    public void Of_a_differentially_private_generator_the_report_says_what_lies_outside_the_guarantee()
    {
        var report = Fresh.Value with { Provenance = new Provenance { Method = "mst", Guarantee = new PrivacyGuarantee(1.5, 1e-6) } };

        AssertSays(report, "epsilon 1.5, delta 1e-6");
        AssertSays(report, "lies outside");
        var json = JsonNode.Parse(report.ToJson())!.AsObject();
        var outside = json["outside_guarantee"]!.AsArray().Select(name => name!.GetValue<string>()).ToList();
        CollectionAssert.IsSubsetOf(outside, json.Select(field => field.Key).ToList());
        string[] covered = ["format_version", "seed", "provenance", "outside_guarantee", "left_out", "sampling", "tstr_metric", "not_measured", "seconds"];
        CollectionAssert.AreEquivalent(json.Select(field => field.Key).Except(covered).ToList(), outside, "Whatever compares with training rows must be named.");
        Assert.IsNull(Fresh.Value.OutsideGuarantee);
        Assert.IsFalse(Fresh.Value.ToHtml().Contains("Differentially private generator", StringComparison.Ordinal));
    }

    [TestMethod]
    public void For_those_who_may_not_see_real_rows_values_and_crowds_of_real_people_are_left_out_and_it_says_so()
    {
        var report = Evaluator.Evaluate(
            People.Make(Rows, 1), People.Make(Rows, 3), People.Make(Rows, 2), new EvaluationOptions { ProtectedColumns = ["city"], QuasiIdentifiers = ["city", "owns"] });
        string[] values = ["Graz", "Linz", "Wien", "rich = yes"];
        foreach (var value in values) AssertSays(report, value);
        AssertSays(report, "(k-map)");
        Assert.IsFalse(report.ToHtml().Contains("may not see real rows", StringComparison.Ordinal));

        var cut = report.WithoutValues();

        var html = cut.ToHtml();
        _ = Parse(html);
        foreach (var value in (string[])[.. values, "Distribution of", "that map to one"]) Assert.IsFalse(html.Contains(value, StringComparison.Ordinal), value);
        AssertSays(cut, "For readers who may not see real rows. Left out: the distributions of all columns; the groups");
        SchemaCheck.Check(JsonNode.Parse(ReportSchema.ToJson())!, JsonNode.Parse(cut.ToJson()), "report");
        var crowds = cut.Privacy!.Anonymity!;
        Assert.AreEqual(
            (null, null, null, null),
            (crowds.Holdout, crowds.Synthetic.SmallestMap, crowds.Synthetic.MapsToOneShare, crowds.Synthetic.MapsToFewShare));
        Assert.AreEqual(report.Privacy!.Anonymity!.Synthetic.SmallestClass, crowds.Synthetic.SmallestClass, "That is of drawn rows.");
        CollectionAssert.AreEqual(
            report.Verdict!.Findings.Select(finding => finding.Grade).ToArray(),
            cut.Verdict!.Findings.Select(finding => finding.Grade).ToArray());
        var rows = Math.Min(report.Sampling.TrainRowsUsed, report.Sampling.SyntheticRowsUsed);
        Assert.AreEqual(report.Metrics.Shape!.Value, cut.Metrics.Shape!.Value, (2.5 / rows) + 1e-6, "Averages are told no finer than five rows make them.");
    }

    [TestMethod]
    public void The_published_schema_is_that_of_the_reports()
    {
        var published = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "report.schema.json"));

        Assert.AreEqual(published, ReportSchema.ToJson(), "SynthStudio.Bench evaluate --report-schema src/SynthStudio.Evaluation/report.schema.json writes it anew.");
    }

    [TestMethod]
    public void Reports_keep_the_schema()
    {
        var schema = JsonNode.Parse(ReportSchema.ToJson())!;

        SchemaCheck.Check(schema, JsonNode.Parse(Fresh.Value.ToJson()), "report");
        Assert.Throws<FormatException>(() => SchemaCheck.Check(schema, JsonNode.Parse(Fresh.Value.ToJson().Replace("\"seed\": 0", "\"seed\": \"zero\"", StringComparison.Ordinal)), "report"));
    }

    [TestMethod]
    public void A_report_without_what_newer_versions_add_is_still_read_and_shown()
    {
        var json = JsonNode.Parse(Fresh.Value.ToJson())!.AsObject();
        string[] added = ["verdict", "provenance", "outside_guarantee", "left_out", "detection", "utility", "fairness", "subgroups", "histograms", "privacy"];
        foreach (var name in added) json.Remove(name);

        var report = EvaluationReport.FromJson(json.ToJsonString());

        Assert.AreEqual(EvaluationReport.FromJson(Fresh.Value.ToJson()).Metrics, report.Metrics);
        _ = Parse(report.ToHtml());
    }

    [TestMethod]
    public void Verdicts_follow_the_figures()
    {
        Grade Of(EvaluationReport report, string aspect) => VerdictBuilder.Of(report).Findings.Single(finding => finding.Aspect == aspect).Grade;
        var report = Fresh.Value;

        Assert.AreEqual(Grade.Good, Of(report, VerdictBuilder.Alike));
        Assert.AreEqual(Grade.Good, Of(report, VerdictBuilder.Told));
        Assert.AreEqual(Grade.Good, Of(report, VerdictBuilder.Useful));
        Assert.AreEqual(Grade.Good, Of(report, VerdictBuilder.Safe));
        Assert.AreEqual("It behaves like the real table, and no sign was found that it gives away people.", report.Verdict!.Headline);
        Assert.AreEqual(Grade.Poor, Of(report with { Metrics = report.Metrics with { QaAccuracy = 0.8 } }, VerdictBuilder.Alike));
        Assert.AreEqual(Grade.Unknown, Of(report with { Metrics = report.Metrics with { QaAccuracy = null } }, VerdictBuilder.Alike));
        Assert.AreEqual(Grade.Poor, Of(report with { Metrics = report.Metrics with { Tstr = 0.55 } }, VerdictBuilder.Useful));
    }

    [TestMethod]
    public void Two_to_eight_reports_are_compared_on_one_page()
    {
        var worse = Evaluator.Evaluate(
            People.Make(Rows, 1), People.ShuffleColumns(People.Make(Rows, 3), 4), People.Make(Rows, 2),
            new EvaluationOptions { Parts = EvaluationParts.Shape | EvaluationParts.Trend | EvaluationParts.Accuracy });

        var html = ReportComparison.ToHtml([("good", Fresh.Value), ("shuffled <b>", worse)]);

        var page = Parse(html);
        Assert.IsTrue(page.Root!.Value.Contains("shuffled <b>", StringComparison.Ordinal));
        Assert.IsFalse(html.Contains("do not compare", StringComparison.Ordinal));
        var accuracy = page.Descendants("tr").First(row => row.Value.StartsWith("QA accuracy", StringComparison.Ordinal));
        Assert.StartsWith(Fresh.Value.Metrics.QaAccuracy!.Value.ToString("0.000") + " (", accuracy.Descendants("b").Single().Value);
        var elsewhere = Fresh.Value with { Sampling = Fresh.Value.Sampling with { TrainRows = 7 } };
        Assert.IsTrue(ReportComparison.ToHtml([("a", Fresh.Value), ("b", elsewhere)]).Contains("do not compare", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => ReportComparison.ToHtml([("one", worse)]));
        Assert.Throws<ArgumentException>(() => ReportComparison.ToHtml([.. Enumerable.Range(0, 9).Select(i => ($"{i}", worse))]));
    }

    private static void AssertSays(EvaluationReport report, string words) => Assert.IsTrue(report.ToHtml().Contains(words, StringComparison.Ordinal), words);

    private static XDocument Parse(string html)
    {
        const string Doctype = "<!DOCTYPE html>";
        Assert.StartsWith(Doctype, html);
        return XDocument.Parse(html[Doctype.Length..].Trim());
    }

    [GeneratedRegex("href=\"[^#]")]
    private static partial Regex LinkElsewhere();
}

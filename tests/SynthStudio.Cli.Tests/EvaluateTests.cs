using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SynthStudio.Cli.Tests;

/// <summary>The contract of <c>synth evaluate --json</c> that scripts rely on.</summary>
[TestClass]
public sealed class EvaluateTests : IDisposable
{
    /// <summary>Rows where no figure is looked at.</summary>
    private const int SmallTable = 300;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task Every_promised_figure_is_in_the_report_and_a_shuffled_table_is_told_by_its_trends()
    {
        var (train, holdout, synthetic) = (Table("train.csv", 1, linked: true), Table("holdout.csv", 2, linked: true), Table("synthetic.csv", 3, linked: false));
        var schema = Path.Combine(folder.Path, "schema.json");
        File.WriteAllText(schema, """{"target": "rich", "task": "binary", "columns": {"age": "numerical", "income": "numerical", "city": "categorical", "rich": "categorical"}}""");
        var json = Path.Combine(folder.Path, "scores.json");

        var result = await Command.SynthAsync("evaluate", "--train", train, "--synthetic", synthetic, "--holdout", holdout, "--schema", schema, "--json", json);

        Assert.AreEqual(0, result.ExitCode, result.Errors);
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        var metrics = report.RootElement.GetProperty("metrics");
        string[] promised = ["shape", "trend", "trend_shared", "qa_accuracy", "qa_accuracy_max", "c2st_auc", "tstr", "trtr", "dcr_share"];
        foreach (var name in promised) Assert.IsInRange(0, 1, metrics.GetProperty(name).GetDouble(), name);
        Assert.IsGreaterThan(.95, metrics.GetProperty("shape").GetDouble(), "Every column for itself is drawn from the same distribution.");
        Assert.IsLessThan(.9, metrics.GetProperty("trend_shared").GetDouble(), "Income no longer follows age.");
        Assert.IsGreaterThan(.8, metrics.GetProperty("c2st_auc").GetDouble());
        Assert.IsGreaterThan(metrics.GetProperty("tstr").GetDouble() + .2, metrics.GetProperty("trtr").GetDouble());
        StringAssert.Matches(result.Output, new Regex(@"shape, 1 is best\)\s+0\.\d{3} \(0\.\d{3}-[01]\.\d{3}\); fresh real rows"));
        Assert.AreEqual("AUC", report.RootElement.GetProperty("tstr_metric").GetString());

        var columns = report.RootElement.GetProperty("columns").EnumerateArray().ToList();
        CollectionAssert.AreEqual(new[] { "age", "income", "city", "rich" }, columns.Select(c => c.GetProperty("name").GetString()).ToArray());
        Assert.IsTrue(columns.All(c => c.GetProperty("shape").GetDouble() > .9 && c.GetProperty("qa_accuracy").GetDouble() > .8));
        var pairs = report.RootElement.GetProperty("pairs").EnumerateArray().ToList();
        Assert.HasCount(6, pairs);
        var worst = pairs.MinBy(p => p.GetProperty("trend_shared").GetDouble());
        CollectionAssert.AreEquivalent(new[] { "age", "income" }, new[] { worst.GetProperty("first").GetString(), worst.GetProperty("second").GetString() });
        Assert.IsGreaterThan(report.RootElement.GetProperty("metrics").GetProperty("trend").GetDouble(), report.RootElement.GetProperty("ceiling").GetProperty("trend").GetDouble());
    }

    // What follows asks a server that runs, for every start takes seconds; what is above asks the one that the command hosts.
    [TestMethod]
    public async Task Without_holdout_and_target_it_says_what_was_not_measured()
    {
        var json = Path.Combine(folder.Path, "scores.json");
        var server = await ServedProcess.SharedAsync();

        var result = await Command.SynthAsync(
        [
            "evaluate", "--train", Table("train.csv", 1, true, SmallTable), "--synthetic", Table("synthetic.csv", 3, true, SmallTable), "--json", json,
            .. server.AsAdministrator,
        ]);

        Assert.AreEqual(0, result.ExitCode, result.Errors);
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        Assert.AreEqual(JsonValueKind.Null, report.RootElement.GetProperty("metrics").GetProperty("tstr").ValueKind);
        var missing = report.RootElement.GetProperty("not_measured").EnumerateArray().Select(m => m.GetProperty("metric").GetString()).ToList();
        CollectionAssert.IsSubsetOf(new[] { "tstr", "dcr_share" }, missing);
    }

    [TestMethod]
    public async Task Reports_are_pages_too_and_two_of_them_are_compared()
    {
        var (train, holdout) = (Table("train.csv", 1, true, SmallTable), Table("holdout.csv", 2, true, SmallTable));
        var server = await ServedProcess.SharedAsync();
        foreach (var (name, linked) in new[] { ("good", true), ("poor", false) })
        {
            var synthetic = Table($"{name}.csv", 3, linked, SmallTable);
            var scored = await Command.SynthAsync(
            [
                "evaluate", "--train", train, "--holdout", holdout, "--synthetic", synthetic, "--json", In($"{name}.json"), "--html", In($"{name}.html"),
                "--privacy-attacks", "none", "--target", "rich,income", "--quasi-identifiers", "age", "--quasi-identifiers", "city", "--protected", "city",
                .. server.AsAdministrator,
            ]);
            Assert.AreEqual(0, scored.ExitCode, scored.Errors);
        }

        using var report = JsonDocument.Parse(File.ReadAllText(In("good.json")));
        Assert.AreEqual("None", report.RootElement.GetProperty("privacy").GetProperty("mode").GetString());
        CollectionAssert.AreEqual(
            new[] { "age", "city" },
            report.RootElement.GetProperty("privacy").GetProperty("anonymity").GetProperty("quasi_identifiers").EnumerateArray().Select(c => c.GetString()).ToArray());
        CollectionAssert.AreEqual(new[] { "rich", "income" }, report.RootElement.GetProperty("utility").EnumerateArray().Select(u => u.GetProperty("target").GetString()).ToArray());
        Assert.AreEqual(64, report.RootElement.GetProperty("provenance").GetProperty("train_sha256").GetString()!.Length);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(In("good.html")));

        var compared = await Command.SynthAsync("compare", In("good.json"), $"shuffled={In("poor.json")}", "--html", In("both.html"));

        Assert.AreEqual(0, compared.ExitCode, compared.Errors);
        var page = File.ReadAllText(In("both.html"));
        Assert.IsTrue(page.Contains("<th>good</th><th>shuffled</th>", StringComparison.Ordinal));

        var broken = await Command.SynthAsync("compare", In("good.json"), train, "--html", In("both.html"));
        Assert.AreEqual(2, broken.ExitCode, broken.Errors);
        Assert.Contains("is not a report", broken.Errors);
    }

    [TestMethod]
    [DataRow("--privacy-attacks", "some", "fast or full")]
    [DataRow("--target", "gone", "gone")]
    public async Task What_cannot_be_looked_at_is_refused_in_words(string option, string value, string words)
    {
        var table = Table("train.csv", 1, true);
        var server = await ServedProcess.SharedAsync();

        var result = await Command.SynthAsync(
            ["evaluate", "--train", table, "--holdout", table, "--synthetic", table, "--json", In("x.json"), option, value, .. server.AsAdministrator]);

        Assert.AreEqual(2, result.ExitCode, result.Errors);
        Assert.Contains(words, result.Errors);
    }

    [TestMethod]
    public async Task A_report_must_be_asked_for()
    {
        var table = Table("train.csv", 1, true);

        var result = await Command.SynthAsync("evaluate", "--train", table, "--synthetic", table);

        Assert.AreEqual(2, result.ExitCode, result.Errors);
        Assert.Contains("--html", result.Errors);
    }

    private string In(string name) => Path.Combine(folder.Path, name);

    /// <summary>Income follows age closely and decides who is rich, unless the links are cut.</summary>
    private string Table(string name, int seed, bool linked, int rows = 800)
    {
        var random = new Random(seed);
        var text = new StringBuilder("age,income,city,rich\n");
        for (var row = 0; row < rows; row++)
        {
            var age = random.Next(20, 80);
            var earning = linked ? age : random.Next(20, 80);
            var income = Math.Round(1000.0 * earning + random.Next(5000), 0);
            var decisive = linked ? income : 1000.0 * random.Next(20, 80);
            text.Append(CultureInfo.InvariantCulture, $"{age},{income},{"ABC"[random.Next(3)]},{(decisive > 55_000 ? "yes" : "no")}\n");
        }

        var file = Path.Combine(folder.Path, name);
        File.WriteAllText(file, text.ToString());
        return file;
    }
}

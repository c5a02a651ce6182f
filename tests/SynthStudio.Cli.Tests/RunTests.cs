using System.Globalization;
using System.Text.Json;

namespace SynthStudio.Cli.Tests;

/// <summary>The contract of <c>synth run</c> and <c>synth generate</c> that scripts rely on.</summary>
[TestClass]
public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task Rows_are_copied_for_who_asks_alone_and_not_by_a_server_that_others_use()
    {
        var table = Write("shop.csv", "plan,age\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 3 == 0 ? "basic" : "plus")},{20 + (i % 40)}\n")));
        var alone = await Command.SynthAsync("run", table, "--method", "bootstrap", "--rows", "20", "--out", folder["alone"]);
        Assert.AreEqual(0, alone.ExitCode, alone.Errors);

        await using var server = await ServedProcess.StartAsync(folder["studio"]);
        var served = await Command.SynthAsync(
            "run", table, "--method", "bootstrap", "--rows", "20", "--out", folder["served"], "--server", server.Grpc.ToString(), "--key-file", server.KeyFile);
        Assert.AreNotEqual(0, served.ExitCode);
        Assert.Contains("bootstrap is not one of", served.Errors);
    }

    [TestMethod]
    public async Task Without_data_the_sample_goes_the_whole_way_and_its_package_meets_conditions_exactly()
    {
        var demo = folder["demo"];

        var run = await Command.SynthAsync("run", "--max-time", "3", "--rows", "700", "--seed", "5", "--out", demo);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        var lines = File.ReadAllLines(Path.Combine(demo, "synthetic.csv"));
        Assert.HasCount(701, lines);
        Assert.AreEqual(File.ReadLines(Path.Combine(demo, "sample.csv")).First(), lines[0]);
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(demo, "run.json")));
        var root = record.RootElement;
        Assert.AreEqual(5000, root.GetProperty("rows").GetInt64());
        Assert.AreEqual(12, root.GetProperty("columns").GetInt32());
        Assert.AreEqual(700, root.GetProperty("synthetic_rows").GetInt64());
        Assert.AreEqual("autoregressive", root.GetProperty("method").GetString());
        Assert.AreEqual(JsonValueKind.Null, root.GetProperty("chosen").ValueKind);
        Assert.AreEqual(5, root.GetProperty("seed").GetInt64());
        Assert.AreEqual("cpu", root.GetProperty("device").GetString());
        Assert.IsGreaterThan(0, root.GetProperty("epochs").GetDouble());
        Assert.IsTrue(double.IsFinite(root.GetProperty("best_validation_loss").GetDouble()));
        Assert.IsGreaterThan(1e7, root.GetProperty("peak_memory_bytes").GetProperty("worker").GetDouble());
        Assert.IsGreaterThan(1e7, root.GetProperty("peak_memory_bytes").GetProperty("host").GetDouble());
        var seconds = root.GetProperty("seconds");
        string[] parts = ["ingest", "train", "generate", "evaluate"];
        Assert.IsLessThanOrEqualTo(seconds.GetProperty("total").GetDouble(), parts.Sum(p => seconds.GetProperty(p).GetDouble()));
        using var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(demo, "report.json")));
        Assert.IsGreaterThan(.5, report.RootElement.GetProperty("metrics").GetProperty("shape").GetDouble());
        Assert.AreEqual("autoregressive", report.RootElement.GetProperty("provenance").GetProperty("method").GetString());
        var page = File.ReadAllText(Path.Combine(demo, "report.html"));
        Assert.StartsWith("<!DOCTYPE html>", page);
        Assert.IsTrue(page.Contains(report.RootElement.GetProperty("verdict").GetProperty("headline").GetString()!, StringComparison.Ordinal));

        var drawn = folder["drawn.csv"];
        var generated = await Command.SynthAsync(
            "generate", Path.Combine(demo, "generator.synth"), "--rows", "600", "--given", "sex=female", "--given", "age=30", "--given-missing", "income", "--out", drawn);

        Assert.AreEqual(0, generated.ExitCode, generated.Errors);
        var rows = File.ReadAllLines(drawn)[1..];
        Assert.HasCount(600, rows);
        Assert.IsTrue(rows.All(r => r.Split(',') is ["30", "female", _, _, _, "", ..]));

        var impossible = await Command.SynthAsync("generate", Path.Combine(demo, "generator.synth"), "--rows", "5", "--given", "colour=red", "--out", drawn);
        AssertRefused(impossible, "colour");
        await ReadsRowsAsWellAsItDrawsThem(demo);
    }

    private async Task ReadsRowsAsWellAsItDrawsThem(string demo)
    {
        var (model, sample, drawn) = (Path.Combine(demo, "generator.synth"), Path.Combine(demo, "sample.csv"), folder["drawn.csv"]);
        var balanced = await Command.SynthAsync(
            "generate", model, "--rows", "400", "--given", "age>=40", "--given", "age<50", "--not-missing", "income", "--rebalance", "sex=female:0.75", "--out", drawn);
        Assert.AreEqual(0, balanced.ExitCode, balanced.Errors);
        var rows = File.ReadAllLines(drawn)[1..].Select(row => row.Split(',')).ToList();
        Assert.IsTrue(rows.All(row => int.Parse(row[0], CultureInfo.InvariantCulture) is >= 40 and < 50 && row[5].Length > 0));
        Assert.AreEqual(300, rows.Count(row => row[1] == "female"), 1);

        var filled = await Command.SynthAsync("impute", model, sample, "--out", drawn);
        Assert.AreEqual(0, filled.ExitCode, filled.Errors);
        var before = File.ReadAllLines(sample).Select(row => row.Split(',')[5]).ToList();
        var after = File.ReadAllLines(drawn).Select(row => row.Split(',')[5]).ToList();
        Assert.Contains("", before);
        Assert.DoesNotContain("", after);
        Assert.IsTrue(before.Zip(after).All(pair => pair.First.Length == 0 || pair.First == pair.Second));

        var scored = await Command.SynthAsync("score", model, sample, "--orders", "1", "--out", drawn);
        Assert.AreEqual(0, scored.ExitCode, scored.Errors);
        Assert.HasCount(before.Count, File.ReadAllLines(drawn));

        var predicted = await Command.SynthAsync("predict", model, sample, "--column", "sex", "--out", drawn);
        Assert.AreEqual(0, predicted.ExitCode, predicted.Errors);
        Assert.HasCount(before.Count, File.ReadAllLines(drawn));
        Assert.Contains("probability:female", File.ReadLines(drawn).First());
    }

    [TestMethod]
    public async Task The_method_auto_tells_what_it_chose_and_why()
    {
        var run = await Command.SynthAsync("run", "--method", "auto", "--max-time", "8", "--rows", "300", "--out", folder["auto"]);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        Assert.Contains("Chosen: ", run.Output);
        using var record = JsonDocument.Parse(File.ReadAllText(folder["auto/run.json"]));
        Assert.AreEqual("auto", record.RootElement.GetProperty("method").GetString());
        var chosen = record.RootElement.GetProperty("chosen");
        CollectionAssert.Contains(new[] { "cart", "autoregressive" }, chosen.GetProperty("method").GetString(), "By the machine's cores.");
        Assert.Contains("5,000 rows", chosen.GetProperty("reason").GetString()!);
    }

    [TestMethod]
    public async Task Ctrl_C_cancels_cleanly_with_130()
    {
        // Whoever starts the tests in the background of a shell has all their children ignore Ctrl-C: env takes that back.
        var run = await Command.RunAsync(
            "env", ["--default-signal=INT", Repository.Synth, "run", "--max-time", "120", "--out", folder["demo"]],
            interruptAt: line => line.StartsWith("train", StringComparison.Ordinal));

        Assert.AreEqual(130, run.ExitCode, run.Errors);
        Assert.EndsWith("Cancelled.", run.Errors);
        Assert.IsFalse(File.Exists(folder["demo/run.json"]));
    }

    [TestMethod]
    [DataRow("a,a\n1,2\n", "'a'", DisplayName = "a column twice")]
    [DataRow("a,b\n1,2\n3\n", "row 2", DisplayName = "a ragged row")]
    [DataRow("a,b\n", "no rows", DisplayName = "a header only")]
    [DataRow("", "empty", DisplayName = "an empty file")]
    [DataRow("a,b\n1,2\n", "at least", DisplayName = "one row")]
    public async Task Bad_data_is_refused_with_the_place_named(string csv, string named) =>
        AssertRefused(await Command.SynthAsync("run", Write("bad.csv", csv), "--max-time", "1", "--out", folder["out"]), named);

    [TestMethod]
    public async Task A_schema_with_an_unknown_column_is_refused_by_name() => AssertRefused(
        await Command.SynthAsync(
            "run", Write("a.csv", "x,y\n1,2\n"), "--schema", Write("s.json", """{"columns": {"height": "numerical"}}"""), "--out", folder["out"]),
        "'height'");

    [TestMethod]
    [DataRow("magic", "autoregressive", new[] { "--method", "magic" }, DisplayName = "an unknown method")]
    [DataRow("colour", "width", new[] { "--option", "colour=red" }, DisplayName = "an unknown option")]
    [DataRow("width", "a whole number from", new[] { "--option", "width=1" }, DisplayName = "a value out of range")]
    public async Task A_method_or_option_that_is_not_there_is_refused_with_what_is_before_anything_is_sent(string named, string there, string[] arguments)
    {
        var refused = await Command.SynthAsync(["run", .. arguments, "--out", folder["out"]]);

        AssertRefused(refused, named);
        Assert.Contains(there, refused.Errors);
        Assert.DoesNotContain("read", refused.Errors);
    }

    [TestMethod]
    [DataRow("--out", new[] { "run" })]
    [DataRow("DATA", new[] { "run", "no-such-file.csv", "--out", "OUT" })]
    [DataRow("--rows", new[] { "run", "--rows", "0", "--out", "OUT" })]
    [DataRow("--rows", new[] { "run", "--rows", "many", "--out", "OUT" })]
    [DataRow("--max-time", new[] { "run", "--max-time", "-1", "--out", "OUT" })]
    [DataRow("--holdout", new[] { "run", "--holdout", "no-such-file.csv", "--out", "OUT" })]
    [DataRow("--option", new[] { "run", "--option", "width", "--out", "OUT" })]
    [DataRow("--given", new[] { "generate", "a.synth", "--rows", "5", "--given", "age", "--out", "OUT" })]
    [DataRow("--rebalance", new[] { "generate", "a.synth", "--rows", "5", "--rebalance", "sex=half", "--out", "OUT" })]
    [DataRow("--fair", new[] { "generate", "a.synth", "--rows", "5", "--fair", "sex", "--out", "OUT" })]
    [DataRow("--quantile", new[] { "predict", "a.synth", "a.csv", "--column", "age", "--quantile", "2", "--out", "OUT" })]
    [DataRow("--orders", new[] { "score", "a.synth", "a.csv", "--orders", "0", "--out", "OUT" })]
    [DataRow("--synthetic", new[] { "evaluate", "--train", "a.csv", "--json", "OUT" })]
    [DataRow("--server", new[] { "jobs", "list", "--server", "nowhere" })]
    [DataRow("frobnicate", new[] { "frobnicate" })]
    public async Task A_bad_option_is_refused_by_name(string named, string[] arguments) =>
        AssertRefused(await Command.SynthAsync([.. arguments.Select(a => a == "OUT" ? folder["out"] : a)]), named);

    private static void AssertRefused(CommandResult result, string named)
    {
        Assert.AreEqual(2, result.ExitCode, result.Errors);
        Assert.Contains(named, result.Errors);
        Assert.DoesNotContain("   at ", result.Errors);
        Assert.AreEqual("", result.Output);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(folder[name], text);
        return folder[name];
    }
}

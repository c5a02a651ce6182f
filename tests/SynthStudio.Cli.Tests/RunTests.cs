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
        var table = folder["shop.csv"];
        await File.WriteAllTextAsync(table, "plan,age\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 3 == 0 ? "basic" : "plus")},{20 + (i % 40)}\n")));
        var alone = await Command.SynthAsync("run", table, "--method", "bootstrap", "--rows", "20", "--out", folder["alone"]);
        Assert.AreEqual(0, alone.ExitCode, alone.Errors);

        var server = await ServedProcess.SharedAsync();
        var served = await Command.SynthAsync(
            ["run", table, "--method", "bootstrap", "--rows", "20", "--out", folder["served"], .. server.AsAdministrator]);
        Assert.AreNotEqual(0, served.ExitCode);
        Assert.Contains("bootstrap is not one of", served.Errors);
    }

    [TestMethod]
    public async Task Without_data_the_sample_goes_the_whole_way_and_its_package_meets_conditions_exactly()
    {
        var demo = folder["demo"];

        var run = await Command.SynthAsync(
            "run", "--max-time", "120", "--option", "steps=100", "--option", "width=64", "--rows", "700", "--seed", "5", "--out", demo);

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
        RefusalTests.AssertRefused(impossible, "colour");
        await ReadsRowsAsWellAsItDrawsThem(demo);
    }

    private async Task ReadsRowsAsWellAsItDrawsThem(string demo)
    {
        var (model, sample, drawn) = (Path.Combine(demo, "generator.synth"), folder["some.csv"], folder["drawn.csv"]);
        File.WriteAllLines(sample, File.ReadLines(Path.Combine(demo, "sample.csv")).Take(1 + 800));
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
        var (table, others) = (SampleTable.Write(folder["people.csv"], rows: 1200), SampleTable.Write(folder["others.csv"], rows: 1200, seed: 2));
        var run = await Command.SynthAsync(
            "run", table, "--holdout", others, "--method", "auto", "--max-time", "8", "--rows", "300", "--out", folder["auto"]);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        Assert.Contains("Chosen: ", run.Output);
        using var record = JsonDocument.Parse(File.ReadAllText(folder["auto/run.json"]));
        Assert.AreEqual("auto", record.RootElement.GetProperty("method").GetString());
        var chosen = record.RootElement.GetProperty("chosen");
        CollectionAssert.Contains(new[] { "cart", "autoregressive" }, chosen.GetProperty("method").GetString(), "By the machine's cores.");
        Assert.Contains("1,200 rows", chosen.GetProperty("reason").GetString()!);
    }

    [TestMethod]
    public async Task Ctrl_C_cancels_cleanly_with_130()
    {
        // Long enough whatever the machine: nothing but Ctrl-C ends these steps within the time.
        var table = SampleTable.Write(folder["people.csv"], rows: 400);

        // Whoever starts the tests in the background of a shell has all their children ignore Ctrl-C: env takes that back.
        var run = await Command.RunAsync(
            "env",
            ["--default-signal=INT", Repository.Synth, "run", table, "--option", "steps=1000000", "--max-time", "120", "--out", folder["demo"]],
            interruptAt: line => line.StartsWith("train", StringComparison.Ordinal));

        Assert.AreEqual(130, run.ExitCode, run.Errors);
        Assert.EndsWith("Cancelled.", run.Errors);
        Assert.IsFalse(File.Exists(folder["demo/run.json"]));
    }
}

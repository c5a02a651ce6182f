using System.Globalization;
using System.Text.Json;

namespace SynthStudio.Cli.Tests;

/// <summary>The contract of <c>synth run --epsilon</c> and of <c>synth privacy</c> against a server.</summary>
[TestClass]
public sealed class PrivateRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task A_promise_is_kept_recorded_and_not_sold_twice()
    {
        var server = await ServedProcess.SharedAsync();
        var at = await server.InNewProjectAsync();
        var (table, schema) = (Table(), Schema());

        var run = await Command.SynthAsync(["run", table, "--schema", schema, "--epsilon", "1", "--delta", "1e-6", "--out", folder["out"], .. at]);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        Assert.Contains("Differentially private: epsilon 1 at delta", run.Output);
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["out"], "run.json")));
        var promise = record.RootElement.GetProperty("privacy");
        Assert.IsTrue(promise.GetProperty("epsilon").GetDouble() is > 0.9 and <= 1);
        Assert.AreEqual(JsonValueKind.Null, record.RootElement.GetProperty("best_validation_loss").ValueKind);
        Assert.Contains("epsilon", run.Errors, "The progress says what is spent.");
        using var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["out"], "report.json")));
        Assert.IsTrue(report.RootElement.TryGetProperty("outside_guarantee", out _));

        var again = await Command.SynthAsync(["run", table, "--schema", schema, "--epsilon", "1", "--delta", "1e-6", "--out", folder["again"], .. at]);
        Assert.AreEqual(2, again.ExitCode, "The same rows under another name have the same budget.");
        Assert.Contains("draw from models that are released", again.Errors);

        await TellsAsync(at);
        await IsAuditedAsync(at);
        await TrailsOfProjectsThatAreGoneAreReadAsync([.. server.AsAdministrator]);
    }

    [TestMethod]
    [DataRow("--delta", new[] { "run", "--epsilon", "1", "--out", "OUT" })]
    [DataRow("--delta", new[] { "run", "--delta", "1e-6", "--out", "OUT" })]
    [DataRow("--unit", new[] { "run", "--unit", "person", "--out", "OUT" })]
    [DataRow("--epsilon", new[] { "privacy", "validate", "d", "--delta", "1e-6" })]
    public async Task A_promise_that_is_half_said_is_refused_by_name(string named, string[] arguments)
    {
        var result = await Command.SynthAsync([.. arguments.Select(a => a == "OUT" ? folder["out"] : a)]);

        Assert.AreEqual(2, result.ExitCode, result.Errors);
        Assert.Contains(named, result.Errors);
    }

    private async Task IsAuditedAsync(string[] at)
    {
        var listed = await Command.SynthAsync(["audit", "list", "--method", "GeneratorService/TrainGenerator", .. at]);
        Assert.Contains("OK", listed.Output, listed.Errors);
        Assert.Contains("OK, begun in ", listed.Output);
        Assert.DoesNotContain("outcome not recorded", listed.Output);
        Assert.DoesNotContain("CreateGenerator", listed.Output);
        Assert.Contains("PrivacyService/SetPrivacyBudget", (await Command.SynthAsync(["audit", "list", .. at])).Output);
        var verified = await Command.SynthAsync(["audit", "verify", .. at]);
        Assert.AreEqual(0, verified.ExitCode, verified.Errors);
        var (trail, key) = (folder["trail.jsonl"], folder["key.pem"]);
        await File.WriteAllTextAsync(key, verified.Output[verified.Output.IndexOf("-----BEGIN", StringComparison.Ordinal)..]);
        Assert.AreEqual(0, (await Command.SynthAsync(["audit", "export", "--out", trail, .. at])).ExitCode);
        var whole = await Command.SynthAsync(["audit", "check", trail, "--public-key", key]);
        Assert.AreEqual(0, whole.ExitCode, whole.Errors);

        await File.WriteAllTextAsync(trail, (await File.ReadAllTextAsync(trail)).Replace("SetPrivacyBudget", "GetPrivacyBudget", StringComparison.Ordinal));
        var changed = await Command.SynthAsync(["audit", "check", trail, "--public-key", key]);
        Assert.AreEqual(1, changed.ExitCode);
        Assert.Contains("is not what was written", changed.Output + changed.Errors);
        Assert.AreEqual(2, (await Command.SynthAsync(["audit", "check", key])).ExitCode, "That is no trail.");
    }

    /// <summary>A trail outlives its project: its name is no longer one, and an administrator reads it by the server's calls.</summary>
    private async Task TrailsOfProjectsThatAreGoneAreReadAsync(string[] at)
    {
        var file = folder["gone.jsonl"];
        string[] gone = ["--project", "projects/gone", .. at];
        Assert.DoesNotContain("SetPrivacyBudget", (await Command.SynthAsync(["audit", "list", "--of-server", .. at])).Output, "That is in the project's.");
        var none = await Command.SynthAsync(["audit", "list", "--of-server", .. gone]);
        Assert.HasCount(1, none.Output.Trim().Split('\n'), $"Nothing was done to it: {none.Output}{none.Errors}");
        Assert.AreEqual(0, (await Command.SynthAsync(["audit", "verify", "--of-server", .. gone])).ExitCode);
        Assert.AreEqual(0, (await Command.SynthAsync(["audit", "export", "--of-server", "--out", file, .. gone])).ExitCode);
        Assert.Contains("projects/gone", await File.ReadAllTextAsync(file));
    }

    private async Task TellsAsync(string[] at)
    {
        var listed = await Command.SynthAsync(["datasets", "list", .. at]);
        var dataset = listed.Output.Split('\n')[1].Split(' ')[0];
        using var budget = await JsonAsync(["privacy", "budget", dataset, "--json", .. at]);
        Assert.AreEqual(1, budget.RootElement.GetProperty("spentEpsilon").GetDouble(), 1e-6);
        using var raised = await JsonAsync(["privacy", "budget", dataset, "--epsilon", "3", "--delta", "1e-5", "--json", .. at]);
        Assert.IsGreaterThan(1.5, raised.RootElement.GetProperty("remainingEpsilon").GetDouble());
        var events = await Command.SynthAsync(["privacy", "events", dataset, .. at]);
        foreach (var kind in (string[])["budget set", "reserved", "touched", "committed", "non private"]) Assert.Contains(kind, events.Output);

        using var plan = await JsonAsync(["privacy", "recommend", dataset, "--rows-declared", "3000", "--json", .. at]);
        Assert.IsGreaterThan(0.5, plan.RootElement.GetProperty("config").GetProperty("noiseMultiplier").GetDouble());
        using var verdict = await JsonAsync(["privacy", "validate", dataset, "--epsilon", "30", "--delta", "1e-6", "--json", .. at]);
        Assert.IsFalse(verdict.RootElement.TryGetProperty("valid", out var valid) && valid.GetBoolean());

        var generators = (await Command.SynthAsync(["generators", "list", .. at])).Output;
        var ready = generators.Split('\n').Single(line => line.Contains(" ready ", StringComparison.Ordinal)).Split(' ')[0];
        using var report = await JsonAsync(["privacy", "report", ready, "--html", folder["report.html"], .. at]);
        Assert.IsGreaterThanOrEqualTo(3, report.RootElement.GetProperty("attacker").GetArrayLength());
        Assert.Contains("Privacy report", await File.ReadAllTextAsync(folder["report.html"]));
    }

    private static async Task<JsonDocument> JsonAsync(string[] arguments)
    {
        var result = await Command.SynthAsync(arguments);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        return JsonDocument.Parse(result.Output);
    }

    private string Table()
    {
        File.WriteAllText(folder["t.csv"], "plan,city\n" + string.Concat(
            Enumerable.Range(0, 3000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{"ab"[i % 2]},{"xyz"[i * 7 % 3]}\n"))));
        return folder["t.csv"];
    }

    private string Schema()
    {
        File.WriteAllText(folder["s.json"], """
            {"rows": 3000, "columns": {
              "plan": {"kind": "categorical", "values": ["a", "b"]}, "city": {"kind": "categorical", "values": ["x", "y", "z"]}}}
            """);
        return folder["s.json"];
    }
}

namespace SynthStudio.Cli.Tests;

/// <summary>What the command line refuses before, or soon after, it starts, and how it says so.</summary>
/// <remarks>Of what a server refuses one is asked of the one that the command hosts, the others of one that runs: every start takes seconds.</remarks>
[TestClass]
public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    [DataRow("a,a\n1,2\n", "'a'", false, DisplayName = "a column twice")]
    [DataRow("a\u001b[2J,a\u001b[2J\n1,2\n", "'a\\u001b[2J'", false, DisplayName = "a column twice whose name would clear the screen")]
    [DataRow("a,b\n1,2\n3\n", "row 2", false, DisplayName = "a ragged row")]
    [DataRow("a,b\n", "no rows", false, DisplayName = "a header only")]
    [DataRow("", "empty", false, DisplayName = "an empty file")]
    [DataRow("a,b\n1,2\n", "at least", true, DisplayName = "one row")]
    public async Task Bad_data_is_refused_with_the_place_named(string csv, string named, bool isHosted) =>
        AssertRefused(await RunAsync(isHosted, Write("bad.csv", csv), "--max-time", "1"), named);

    [TestMethod]
    public async Task A_schema_with_an_unknown_column_is_refused_by_name() => AssertRefused(
        await RunAsync(false, Write("a.csv", "x,y\n1,2\n"), "--schema", Write("s.json", """{"columns": {"height": "numerical"}}""")),
        "'height'");

    [TestMethod]
    [DataRow("magic", "autoregressive", false, new[] { "--method", "magic" }, DisplayName = "an unknown method")]
    [DataRow("colour", "width", true, new[] { "--option", "colour=red" }, DisplayName = "an unknown option")]
    [DataRow("width", "a whole number from", false, new[] { "--option", "width=1" }, DisplayName = "a value out of range")]
    public async Task A_method_or_option_that_is_not_there_is_refused_with_what_is_before_anything_is_sent(
        string named, string there, bool isHosted, string[] arguments)
    {
        var refused = await RunAsync(isHosted, arguments);

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
    [DataRow("twice", new[] { "generate", "a.synth", "--rows", "5", "--rebalance", "sex=f:0.5, f:0.5", "--out", "OUT" })]
    [DataRow("--fair", new[] { "generate", "a.synth", "--rows", "5", "--fair", "sex", "--out", "OUT" })]
    [DataRow("--quantile", new[] { "predict", "a.synth", "a.csv", "--column", "age", "--quantile", "2", "--out", "OUT" })]
    [DataRow("--orders", new[] { "score", "a.synth", "a.csv", "--orders", "0", "--out", "OUT" })]
    [DataRow("--synthetic", new[] { "evaluate", "--train", "a.csv", "--json", "OUT" })]
    [DataRow("--server", new[] { "jobs", "list", "--server", "nowhere" })]
    [DataRow("frobnicate", new[] { "frobnicate" })]
    public async Task A_bad_option_is_refused_by_name(string named, string[] arguments) =>
        AssertRefused(await Command.SynthAsync([.. arguments.Select(a => a == "OUT" ? folder["out"] : a)]), named);

    /// <summary>The exit code of wrong use, one message that names what is wrong, no stack trace, and nothing on standard output.</summary>
    internal static void AssertRefused(CommandResult result, string named)
    {
        Assert.AreEqual(2, result.ExitCode, result.Errors);
        Assert.Contains(named, result.Errors);
        Assert.DoesNotContain("   at ", result.Errors);
        Assert.AreEqual("", result.Output);
    }

    private async Task<CommandResult> RunAsync(bool isHosted, params string[] arguments)
    {
        var server = isHosted ? null : await ServedProcess.SharedAsync();
        return await Command.SynthAsync(["run", .. arguments, "--out", folder["out"], .. server?.AsAdministrator ?? []]);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(folder[name], text);
        return folder[name];
    }
}

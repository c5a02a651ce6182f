using System.Globalization;

namespace SynthStudio.Cli.Tests;

/// <summary>What <c>synth projects usage</c>, <c>synth cluster usage</c> and <c>synth cluster reseal-secrets</c> print, against a server.</summary>
[TestClass]
public sealed class UsageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TestContext TestContext { get; set; } = null!;

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task Bytes_that_were_added_and_secrets_that_were_sealed_are_shown()
    {
        var server = await ServedProcess.SharedAsync();
        await Midnight.LetPassAsync(TestContext.CancellationToken); // Usage is told by month.
        var project = await new Studio(server.Channel).CreateProjectAsync();
        string[] at = [.. server.AsAdministrator];
        var table = folder["t.csv"];
        await File.WriteAllLinesAsync(table, ["a,b", .. Enumerable.Range(0, 200).Select(i => $"{i},{i * 7 % 31}")]);
        var size = new FileInfo(table).Length;
        foreach (var _ in (int[])[1, 2]) await OutputAsync(["datasets", "upload", table, "--project", project, .. at]);

        var usage = await OutputAsync(["projects", "usage", project, .. at]);
        Assert.MatchesRegex(string.Create(CultureInfo.InvariantCulture, $@"upload +2 +{2 * size / 1e3:0.0} kB"), usage);
        Assert.MatchesRegex(@"profiling +2 .*[kM]?B", usage);
        Assert.Contains("all, with jobs", usage);
        Assert.MatchesRegex($"{project} +upload +2 ", await OutputAsync(["cluster", "usage", .. at]));

        var resealed = await OutputAsync(["cluster", "reseal-secrets", .. at]);
        Assert.MatchesRegex(@"second_factor +0 +0 +0", resealed);
        Assert.Contains("All are sealed by the current master key", resealed);
    }

    private static async Task<string> OutputAsync(string[] arguments)
    {
        var result = await Command.SynthAsync(arguments);
        result.Succeeded();
        return result.Output;
    }
}

namespace SynthStudio.EndToEnd.Tests;

/// <summary>Every command of the README and of the guides that it links does what they say.</summary>
[TestClass, DoNotParallelize]
public sealed class ReadmeTests
{
    /// <summary>The test command itself: these tests run within it.</summary>
    private const string TestCommand = "bash tests/run";

    /// <summary>
    /// The test command has built it all. To build again would put assemblies back in the place of those that were compiled ahead of time, and
    /// every command after that, of this test and of others, would compile what it runs.
    /// </summary>
    private const string BuildAndRun = "dotnet run --project", RunOnly = "dotnet run --no-build --project";

    [TestMethod]
    public async Task Every_command_of_the_README_and_its_guides_runs()
    {
        var commands = Manual.Commands(Manual.Read())
            .Where(block => block.Trim() != TestCommand)
            .Select(block => block.Replace(BuildAndRun, RunOnly, StringComparison.Ordinal)).ToList();
        Assert.IsGreaterThan(15, commands.Count, "Those of the guides are among them.");
        Assert.StartsWith(RunOnly, commands[0]);

        // One session in the checkout, as a reader types it; everything goes into demo/, which git ignores.
        var demo = Path.Combine(Repository.Root, "demo");
        if (Directory.Exists(demo))
        {
            Directory.Delete(demo, recursive: true);
        }

        // The served process is a job of its own group: killing the group leaves nothing behind that holds the output open.
        var script = "set -meuo pipefail\ntrap 'for job in $(jobs -p); do kill -- -$job || true; done; wait' EXIT\n" + string.Join('\n', commands);
        var result = await Command.RunAsync("bash", ["-c", script], limit: TimeSpan.FromMinutes(15));

        result.Succeeded();
        Assert.IsGreaterThan(1000, File.ReadLines(Path.Combine(demo, "synthetic.csv")).Count());
        Assert.IsTrue(File.Exists(Path.Combine(demo, "report.json")));
        Directory.Delete(demo, recursive: true);
    }

    [TestMethod]
    public void Every_guide_with_commands_is_linked_from_the_README()
    {
        var manual = Manual.Read();
        var forgotten = new[] { "src", "silo", "tools/synth" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories))
            .Where(file => File.ReadAllText(file) is var text && Manual.Commands(text).Any()
                && !manual.Contains(text, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Repository.Root, file));

        Assert.AreEqual("", string.Join(", ", forgotten));
    }
}

using System.Text.RegularExpressions;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>Every command of the README does what the README says.</summary>
[TestClass, DoNotParallelize]
public sealed partial class ReadmeTests
{
    /// <summary>The test command itself: these tests run within it.</summary>
    private const string TestCommand = "bash tests/run";

    [TestMethod]
    public async Task Every_command_of_the_README_runs()
    {
        using var folder = new TemporaryFolder();
        var commands = CodeBlock().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md")))
            .Select(m => m.Groups[1].Value).Where(block => block.Trim() != TestCommand).ToList();
        Assert.IsGreaterThan(3, commands.Count);

        // One session in a copy without build outputs of its own would build everything again: the checkout's are linked in.
        var script = "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + string.Join('\n', commands);
        await File.WriteAllTextAsync(folder["readme.sh"], script);
        foreach (var entry in Directory.EnumerateFileSystemEntries(Repository.Root))
        {
            File.CreateSymbolicLink(folder[Path.GetFileName(entry)], entry);
        }

        var result = await Command.RunAsync("bash", ["readme.sh"], folder.Path, TimeSpan.FromMinutes(8));

        result.Succeeded();
        Assert.IsGreaterThan(1000, File.ReadLines(folder[Path.Combine("demo", "synthetic.csv")]).Count());
        Assert.IsTrue(File.Exists(folder[Path.Combine("demo", "report.json")]));
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

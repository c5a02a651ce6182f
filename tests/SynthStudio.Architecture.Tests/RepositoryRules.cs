namespace SynthStudio.Architecture.Tests;

/// <summary>What keeps the tree pleasant to read.</summary>
[TestClass]
public sealed class RepositoryRules
{
    private const int LongFile = 400;

    private static readonly Solution Solution = Solution.Load();

    [TestMethod]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Solution.Root, "SynthStudio.sln"));
        var absent = Solution.Projects.Values.Select(p => Path.GetFileName(p.File)).Where(f => !solution.Contains(f, StringComparison.Ordinal));

        Assert.AreEqual("", string.Join(", ", absent));
    }

    [TestMethod]
    public void Package_versions_stand_in_one_place()
    {
        var strays = Solution.Projects.Values.Where(p => File.ReadAllText(p.File).Contains("Version=\"", StringComparison.Ordinal)).Select(p => p.Name);

        Assert.AreEqual("", string.Join(", ", strays));
    }

    [TestMethod]
    public void No_source_file_is_too_long_to_live_in()
    {
        var files = new[] { "src", "silo", "tools", "tests" }
            .Select(top => Path.Combine(Solution.Root, top))
            .Where(Directory.Exists)
            .SelectMany(top => Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/Migrations/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal));
        var tooLong = files.Select(f => (File: f, Lines: File.ReadLines(f).Count())).Where(f => f.Lines > LongFile);

        Assert.AreEqual("", string.Join(Environment.NewLine, tooLong.Select(f => $"{Path.GetRelativePath(Solution.Root, f.File)}: {f.Lines}")));
    }
}

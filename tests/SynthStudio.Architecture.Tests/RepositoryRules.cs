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

    /// <summary>
    /// Noise, sampling of rows and choices come from the operating system's generator. In SynthStudio.Privacy an analyzer forbids System.Random; here, in
    /// what trains under a promise, a seeded stream may only be begun from secret coins. What a caller's seed does reach (initial weights, the
    /// latent numbers of a generator, rows drawn from a released model) is listed.
    /// </summary>
    [TestMethod]
    public void No_seed_reaches_noise_sampling_or_choices_of_private_trainings()
    {
        string[] mayUseTheSeed = ["MarginalSampler.cs", "MarginalModel.cs", "MarginalCalibration.cs", "PrivateFit.cs", "DpTvaeSynthesizer.cs", "DpCtganSynthesizer.cs", "DpCtganTrainable.cs", "DpAutoregressiveSynthesizer.cs"];
        string[] never = ["System.Random", "new Random(", "Random.Shared", "torch.rand", "randn(", "randperm", "manual_seed", "multinomial", "bernoulli"];
        var files = new[] { "Private", "DpSgd", "Marginals", "DpTvae", "DpCtgan", "DpAutoregressive" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Solution.Root, "src/SynthStudio.Synthesis", folder), "*.cs", SearchOption.AllDirectories))
            .ToList();
        var found = files.SelectMany(file => File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)).Where(line =>
                never.Any(word => line.Contains(word, StringComparison.Ordinal))
                || (line.Contains("new SeededStream(", StringComparison.Ordinal) && !line.Contains("coins.Next64()", StringComparison.Ordinal))
                || (line.Contains(".Seed", StringComparison.Ordinal) && !mayUseTheSeed.Contains(Path.GetFileName(file))))
            .Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"));

        Assert.IsGreaterThan(30, files.Count);
        Assert.AreEqual("", string.Join(Environment.NewLine, found));
    }

    [TestMethod]
    public void No_source_file_is_too_long_to_live_in()
    {
        var tooLong = SourceFiles().Select(f => (File: f, Lines: File.ReadLines(f).Count())).Where(f => f.Lines > LongFile);

        Assert.AreEqual("", string.Join(Environment.NewLine, tooLong.Select(f => $"{Path.GetRelativePath(Solution.Root, f.File)}: {f.Lines}")));
    }

    [TestMethod]
    public void No_line_is_wider_than_a_screen()
    {
        var tooWide = SourceFiles().SelectMany(file => LineWidth.TooWide(File.ReadLines(file))
            .Select(found => $"{Path.GetRelativePath(Solution.Root, file)}:{found.Line}: {found.Columns}"));

        Assert.AreEqual("", string.Join(Environment.NewLine, tooWide));
    }

    /// <summary>All C# that somebody wrote: what tools generate is left out.</summary>
    private static IEnumerable<string> SourceFiles() =>
        new[] { "src", "silo", "tools", "tests" }
            .Select(top => Path.Combine(Solution.Root, top))
            .Where(Directory.Exists)
            .SelectMany(top => Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/Migrations/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal));
}

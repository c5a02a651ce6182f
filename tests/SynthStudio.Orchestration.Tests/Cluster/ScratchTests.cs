namespace SynthStudio.Orchestration.Tests;

/// <summary>What workers write does not stay.</summary>
[TestClass]
public sealed class ScratchTests
{
    [TestMethod]
    [DataRow("part 0 10; say done")]
    [DataRow("part 0 10; fail user NO_GOOD")]
    public async Task A_jobs_folder_goes_with_it(string script)
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync(script);

        await studio.WaitForEndAsync(grain, job);

        await ControlTests.WaitUntilAsync(() => FoldersOfJobs(studio).Count == 0);
    }

    [TestMethod]
    public async Task What_a_dead_silo_left_is_removed_at_the_next_start_and_what_a_living_one_has_is_not()
    {
        await using var studio = new TestStudio();
        var dead = Leave(studio, "silo-dead", withLock: true);
        var deadBeforeItsLock = Leave(studio, "silo-halfdead", withLock: false);
        var living = Leave(studio, "silo-living", withLock: true);
        using var held = new FileStream(living + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        await studio.StartClusterAsync();
        await ControlTests.WaitUntilAsync(() => !Directory.Exists(dead) && !Directory.Exists(deadBeforeItsLock));

        Assert.IsFalse(File.Exists(dead + ".lock"));
        Assert.IsTrue(File.Exists(Path.Combine(living, "run", "part")));
    }

    [TestMethod]
    public async Task An_orderly_stop_leaves_nothing()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync("part 0 10");
        await studio.WaitForEndAsync(grain, job);

        await studio.StopClusterAsync();

        Assert.IsEmpty(Directory.GetFileSystemEntries(studio.ScratchFolder));
    }

    private static List<string> FoldersOfJobs(TestStudio studio) =>
        [.. Directory.GetDirectories(studio.ScratchFolder).SelectMany(Directory.GetDirectories)];

    /// <summary>A silo's folder as a crash leaves it.</summary>
    private static string Leave(TestStudio studio, string silo, bool withLock)
    {
        var folder = Path.Combine(studio.ScratchFolder, silo);
        Directory.CreateDirectory(Path.Combine(folder, "run"));
        File.WriteAllText(Path.Combine(folder, "run", "part"), "rows");
        if (withLock) File.WriteAllText(folder + ".lock", "");
        return folder;
    }
}

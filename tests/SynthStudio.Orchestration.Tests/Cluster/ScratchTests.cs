using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SynthStudio.Compute;

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
    public async Task A_silo_that_starts_while_another_one_removes_what_dead_ones_left_is_not_taken_for_dead()
    {
        var root = Directory.CreateTempSubdirectory("synthstudio-scratch-");
        using var over = new CancellationTokenSource();
        using var neighbour = Folders();
        var removing = Task.Run(() =>
        {
            while (!over.IsCancellationRequested) neighbour.RemoveDead();
        });
        try
        {
            for (var i = 0; i < 2_000; i++)
            {
                using var starting = Folders();
                var folder = starting.Create();
                Assert.IsTrue(Directory.Exists(folder));
                Assert.IsTrue(File.Exists(Path.GetDirectoryName(folder) + ".lock"), "Without it the next one takes it for dead.");
            }
        }
        finally
        {
            await over.CancelAsync();
            await removing;
        }

        neighbour.Dispose();
        Assert.IsEmpty(Directory.GetFileSystemEntries(root.FullName));
        root.Delete();

        ScratchFolders Folders() => new(Options.Create(new ComputeOptions { ScratchFolder = root.FullName }), NullLogger<ScratchFolders>.Instance);
    }

    [TestMethod]
    public void What_a_silo_left_that_died_before_its_lock_had_its_name_is_removed_and_what_one_has_that_starts_is_not()
    {
        var root = Directory.CreateTempSubdirectory("synthstudio-scratch-");
        var crashed = Path.Combine(root.FullName, "silo-crashed.lock-made");
        var starting = Path.Combine(root.FullName, "silo-starting.lock-made");
        File.WriteAllText(crashed, "");
        File.SetLastWriteTimeUtc(crashed, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2));
        File.WriteAllText(starting, "");
        var options = Options.Create(new ComputeOptions { ScratchFolder = root.FullName });
        using (var folders = new ScratchFolders(options, NullLogger<ScratchFolders>.Instance)) folders.RemoveDead();

        CollectionAssert.AreEqual(new[] { starting }, Directory.GetFileSystemEntries(root.FullName));
        root.Delete(recursive: true);
    }

    [TestMethod]
    public void The_lock_of_a_living_silo_is_exclusive_since_network_file_systems_have_no_shared_one_for_writers()
    {
        var root = Directory.CreateTempSubdirectory("synthstudio-scratch-");
        using (var folders = new ScratchFolders(Options.Create(new ComputeOptions { ScratchFolder = root.FullName }), NullLogger<ScratchFolders>.Instance))
        {
            var held = Path.GetDirectoryName(folders.Create()) + ".lock";

            Assert.ThrowsExactly<IOException>(() => new FileStream(held, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).Dispose());
        }

        root.Delete();
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

    [TestMethod]
    public async Task A_job_for_which_no_folder_can_be_made_is_tried_again_with_the_reason()
    {
        await using var studio = await TestStudio.StartAsync();
        var own = Path.ChangeExtension(Directory.GetFiles(studio.ScratchFolder, "silo-*.lock").Single(), null);
        await File.WriteAllTextAsync(own, "Where the silo's folder would be.");
        var (grain, job) = await studio.SubmitAsync("part 0 10");
        await studio.WaitAsync(grain, job, j => j is { State: WorkState.Queued, Attempt: >= 1 });
        File.Delete(own);

        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        var error = (await Studio.WatchAsync(grain, job)).First(e => e.Error is not null).Error!;
        Assert.AreEqual((WorkErrorClass.Resource, "INPUT_OUTPUT"), (error.Class, error.Reason));
    }

    [TestMethod]
    public void A_full_disk_is_told_as_a_full_store_and_a_folder_without_rights_is_tried_again()
    {
        const int NoSpace = 28;
        Assert.AreEqual((WorkErrorClass.Resource, WorkError.StorageFull), Of(new IOException("", NoSpace)));
        Assert.AreEqual((WorkErrorClass.Resource, "INPUT_OUTPUT"), Of(new IOException()));
        Assert.AreEqual((WorkErrorClass.Resource, "INPUT_OUTPUT"), Of(new UnauthorizedAccessException()));

        static (WorkErrorClass Class, string Reason) Of(Exception exception) => (RunErrors.Of(exception).Class, RunErrors.Of(exception).Reason);
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

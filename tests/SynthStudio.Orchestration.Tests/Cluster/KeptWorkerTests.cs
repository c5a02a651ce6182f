using System.Diagnostics;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Workers that stay after a draw, with their model loaded.</summary>
[TestClass]
public sealed class KeptWorkerTests
{
    [TestMethod]
    public async Task The_next_draw_from_the_same_model_goes_to_the_worker_that_stayed()
    {
        await using var studio = await TestStudio.StartAsync();

        var first = await DrawAsync(studio, "m");
        var second = await DrawAsync(studio, "m");
        var other = await DrawAsync(studio, "n");

        Assert.AreEqual(first, second);
        Assert.AreNotEqual(first, other);
        await ControlTests.WaitUntilAsync(() => IsGone(first), "One place only, and the newer model has it.");
    }

    [TestMethod]
    public async Task A_worker_that_died_while_it_waited_costs_nothing()
    {
        await using var studio = await TestStudio.StartAsync();
        var first = await DrawAsync(studio, "m");
        using (var process = Process.GetProcessById(first)) process.Kill();

        var (grain, job) = await studio.SubmitAsync("process; part 0 10", model: "m");
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreEqual(1, ended.Attempt);
        Assert.IsFalse((await Studio.WatchAsync(grain, job)).Any(e => e.Error is not null), "The job was told to have failed.");
    }

    [TestMethod]
    public async Task A_worker_that_stayed_is_killed_like_any_other_when_it_does_not_obey()
    {
        await using var studio = await TestStudio.StartAsync();
        var first = await DrawAsync(studio, "m");
        var (grain, job) = await studio.SubmitAsync("process; progress generate 0.1; stubborn 60000", model: "m");
        var events = await Studio.WatchAsync(grain, job, enough: e => e.Step == "generate");

        await grain.CancelJobAsync(job);
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(first, IdIn(events));
        Assert.AreEqual(WorkState.Cancelled, ended.State, studio.Logs.ToString());
        await ControlTests.WaitUntilAsync(() => IsGone(first));
        Assert.AreNotEqual(first, await DrawAsync(studio, "m"));
    }

    [TestMethod]
    public async Task A_worker_whose_job_failed_does_not_stay()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync("process; fail user NO_GOOD", model: "m");

        var events = await Studio.WatchAsync(grain, job);

        await ControlTests.WaitUntilAsync(() => IsGone(IdIn(events)));
    }

    [TestMethod]
    public async Task It_leaves_when_its_time_is_up_or_when_it_is_too_large()
    {
        await using var brief = new TestStudio { Computing = o => o.KeptModelTime = TimeSpan.FromMilliseconds(100) };
        await brief.StartClusterAsync();
        await using var small = new TestStudio { Computing = o => o.KeptModelMemory = 1 };
        await small.StartClusterAsync();

        var (expired, large) = (await DrawAsync(brief, "m"), await DrawAsync(small, "m"));

        await ControlTests.WaitUntilAsync(() => IsGone(expired) && IsGone(large));
    }

    [TestMethod]
    public async Task It_leaves_with_its_silo()
    {
        await using var studio = await TestStudio.StartAsync();
        var worker = await DrawAsync(studio, "m");

        await studio.StopClusterAsync();

        await ControlTests.WaitUntilAsync(() => IsGone(worker));
    }

    /// <summary>Draws from a model and answers the id of the process that did it.</summary>
    private static async Task<int> DrawAsync(TestStudio studio, string model)
    {
        var (grain, job) = await studio.SubmitAsync("process; part 0 10", model: model);
        var ended = await studio.WaitForEndAsync(grain, job);
        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        return IdIn(await Studio.WatchAsync(grain, job));
    }

    private static int IdIn(IEnumerable<ProgressEvent> events) => int.Parse(
        events.Single(e => e.Message.StartsWith("process ", StringComparison.Ordinal)).Message.AsSpan("process ".Length),
        System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsGone(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}

namespace SynthStudio.Orchestration.Tests;

/// <summary>Workers that neither work nor leave.</summary>
[TestClass]
public sealed class HangTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Long enough for a process to start on a busy machine.</summary>
    private static readonly TimeSpan Silence = 10 * Second;

    [TestMethod]
    public async Task A_stopped_process_is_killed_and_its_job_is_tried_again()
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("There is no SIGSTOP.");
        await using var studio = new TestStudio { Computing = o => o.SilenceLimit = Silence };
        await studio.StartClusterAsync();
        var (grain, job) = await studio.TrainAsync("process; checkpoint 5; freeze 1; train 10 20");

        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, 2), (events[^1].State, events[^1].Attempt), studio.Logs.ToString());
        var error = events.Single(e => e.Error is not null).Error!;
        Assert.AreEqual((WorkErrorClass.Resource, "WORKER_CRASHED"), (error.Class, error.Reason));
        Assert.Contains("not even that it lives", error.Message);
        Studio.AssertEachStepOnce(events.Where(e => e.Attempt == 2), 10, from: 6);
    }

    [TestMethod]
    public async Task Threads_that_wait_for_each_other_are_found_although_the_process_lives()
    {
        await using var studio = new TestStudio { Computing = o => o.StallLimit = 5 * Second };
        await studio.StartClusterAsync();
        var (grain, job) = await studio.SubmitAsync("stubborn 600000 1; progress generate 1");

        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, 2), (ended.State, ended.Attempt), studio.Logs.ToString());
        var error = (await Studio.WatchAsync(grain, job)).Single(e => e.Error is not null).Error!;
        Assert.Contains("took no processor time", error.Message);
    }

    [TestMethod]
    public async Task A_job_that_computes_for_long_without_a_word_is_left_alone()
    {
        await using var studio = new TestStudio { Computing = o => (o.SilenceLimit, o.StallLimit, o.PauseGrace) = (2 * Silence, 5 * Second, Second) };
        await studio.StartClusterAsync();
        var (grain, job) = await studio.SubmitAsync("compute 12000; progress generate 1");

        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, 1), (ended.State, ended.Attempt), studio.Logs.ToString());
    }

    [TestMethod]
    public async Task A_training_that_does_not_heed_a_pause_is_killed_and_goes_on_from_its_checkpoint()
    {
        await using var studio = new TestStudio { Computing = o => o.PauseGrace = Second };
        await studio.StartClusterAsync();
        var (grain, job) = await studio.TrainAsync("checkpoint 5; progress ingest 0.5; stubborn 600000 1; train 10 20");
        await studio.WaitAsync(grain, job, j => j.Step == "ingest");

        await grain.PauseAsync();
        await studio.WaitForAsync(grain, job, WorkState.Paused);
        await grain.ResumeAsync();
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, 2), (ended.State, ended.Attempt), studio.Logs.ToString());
        var events = await Studio.WatchAsync(grain, job);
        Assert.IsFalse(events.Any(e => e.Error is not null), "A pause is no failure.");
        Studio.AssertEachStepOnce(events.Where(e => e.Attempt == 2), 10, from: 6);
    }

    [TestMethod]
    public async Task A_training_that_does_not_heed_a_pause_is_killed_when_its_silo_shuts_down()
    {
        await using var studio = new TestStudio { Computing = o => o.PauseGrace = TimeSpan.FromHours(1) };
        await studio.StartClusterAsync("none", "only cpu");
        var (grain, job) = await studio.TrainAsync("checkpoint 5; progress ingest 0.5; stubborn 600000 1; train 10 20");
        var running = await studio.WaitAsync(grain, job, j => j.Step == "ingest");
        await grain.PauseAsync();
        await Task.Delay(2 * Second); // The worker was told.

        await studio.Cluster.StopSiloAsync(studio.SiloAt(running.Silo));
        await studio.WaitForAsync(grain, job, WorkState.Paused);

        Assert.DoesNotContain("did not end before the silo had to go", studio.Logs.ToString());
        Assert.AreEqual("Paused", (await Studio.WatchAsync(grain, job, enough: e => e.State == WorkState.Paused))[^1].Message, "Not by the loss of its silo.");
    }

    [TestMethod]
    public async Task A_worker_that_stayed_and_was_stopped_meanwhile_costs_the_next_draw_no_attempt()
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("There is no SIGSTOP.");
        await using var studio = new TestStudio { Computing = o => o.SilenceLimit = Silence };
        await studio.StartClusterAsync();
        var (first, drawn) = await studio.SubmitAsync("process; part 0 10", model: "m");
        using (var worker = Studio.WorkerOf(await Studio.WatchAsync(first, drawn)))
            await System.Diagnostics.Process.Start("kill", ["-STOP", $"{worker.Id}"]).WaitForExitAsync();

        var (grain, job) = await studio.SubmitAsync("part 0 10", model: "m");
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, 1), (ended.State, ended.Attempt), studio.Logs.ToString());
    }
}

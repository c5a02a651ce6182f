using System.Diagnostics;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Cancel, pause, resume, repeat.</summary>
[TestClass]
public sealed class ControlTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestMethod]
    public async Task A_polite_worker_stops_by_itself_when_cancelled()
    {
        await using var studio = new TestStudio { Computing = o => o.KillGrace = TimeSpan.FromHours(1) };
        await studio.StartClusterAsync();
        var (grain, job) = await studio.SubmitAsync("progress generate 0.1; sleep 60000");
        await studio.WaitAsync(grain, job, j => j.Step == "generate");

        var asked = await grain.CancelJobAsync(job);
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(WorkState.Cancelling, asked.State);
        Assert.AreEqual(WorkState.Cancelled, ended.State, studio.Logs.ToString());
        CollectionAssert.AreEqual(
            new[] { WorkState.Queued, WorkState.Starting, WorkState.Running, WorkState.Cancelling, WorkState.Cancelled },
            (await Studio.WatchAsync(grain, job)).Select(e => e.State).Distinct().ToList());
    }

    [TestMethod]
    public async Task A_stubborn_worker_is_killed_after_the_grace()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync("progress generate 0.1; stubborn 60000");
        await studio.WaitAsync(grain, job, j => j.Step == "generate");

        var start = Stopwatch.GetTimestamp();
        await grain.CancelJobAsync(job);
        var ended = await studio.WaitForEndAsync(grain, job);
        var took = Stopwatch.GetElapsedTime(start);

        Assert.AreEqual(WorkState.Cancelled, ended.State, studio.Logs.ToString());
        Assert.IsGreaterThan(Second / 2, took, "It was not given its grace.");
        await WaitUntilAsync(() => Directory.GetDirectories(studio.ScratchFolder).All(silo => Directory.GetDirectories(silo).Length == 0));
    }

    [TestMethod]
    public async Task A_job_that_waits_is_cancelled_without_a_worker()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.SubmitAsync("progress generate 0.1");

        var cancelled = await grain.CancelJobAsync(job);

        Assert.AreEqual(WorkState.Cancelled, cancelled.State);
        Assert.AreEqual(0, cancelled.Attempt);
        Assert.IsEmpty(await studio.Leases.ListAsync(CancellationToken.None));
    }

    [TestMethod]
    public async Task A_paused_training_goes_on_from_its_checkpoint()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("train 10 20; sleep 60000 1; train 40 20; progress verify 0.5");
        await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") >= 5);

        await grain.PauseAsync();
        var paused = await studio.WaitForAsync(grain, job, WorkState.Paused);
        var generator = await grain.GetAsync();
        await Task.Delay(300);
        Assert.AreEqual(paused.LastSequence, (await grain.GetJobAsync(job)).LastSequence, "A paused job goes on.");
        await grain.ResumeAsync();
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(GeneratorState.Paused, generator.State);
        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreEqual(2, ended.Attempt);
        var events = await Studio.WatchAsync(grain, job);
        Studio.AssertNoGaps(events);
        Studio.AssertEachStepOnce(events, 40);
    }

    [TestMethod]
    public async Task Submitting_twice_is_submitting_once()
    {
        await using var studio = await TestStudio.StartAsync();
        var name = Studio.NewJob();
        var grain = studio.Client.GetGrain<IJobGrain>(name);
        var submission = new JobSubmission("projects/p/syntheticDatasets/s", await studio.ScriptAsync("progress generate 1"), 3, WorkRequirements.Any);
        var same = submission with { Spec = await studio.ScriptAsync("progress generate 1") };
        var other = submission with { Spec = await studio.ScriptAsync("progress generate 0") };

        await Task.WhenAll(grain.SubmitAsync(submission), grain.SubmitAsync(same));
        var ended = await studio.WaitForEndAsync(grain, name);
        var again = await grain.SubmitAsync(same);

        Assert.AreEqual(1, ended.Attempt);
        Assert.AreEqual(ended.LastSequence, again.LastSequence);
        await Assert.ThrowsExactlyAsync<WorkStateException>(() => grain.SubmitAsync(other));
    }

    [TestMethod]
    public async Task What_is_not_there_is_said_to_be_not_there()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var generator = studio.Client.GetGrain<IGeneratorGrain>(Studio.NewGenerator());

        await Assert.ThrowsExactlyAsync<WorkNotFoundException>(() => generator.GetAsync());
        await Assert.ThrowsExactlyAsync<WorkNotFoundException>(() => generator.GetJobAsync("projects/p/jobs/none"));
        await Assert.ThrowsExactlyAsync<WorkNotFoundException>(() => generator.TrainAsync("projects/p/jobs/none", 3));
    }

    internal static async Task WaitUntilAsync(Func<bool> wanted, string message = "")
    {
        var start = Stopwatch.GetTimestamp();
        while (!wanted())
        {
            Assert.IsLessThan(Second * 120, Stopwatch.GetElapsedTime(start), message);
            await Task.Delay(20);
        }
    }
}

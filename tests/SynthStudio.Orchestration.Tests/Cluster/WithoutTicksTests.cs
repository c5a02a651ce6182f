using System.Diagnostics;

namespace SynthStudio.Orchestration.Tests;

/// <summary>What happens because something happened, not because a timer came round: every period is hours here.</summary>
[TestClass]
public sealed class WithoutTicksTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(12);

    [TestMethod]
    public async Task A_worker_that_waits_ahead_takes_a_job_and_stops_when_told()
    {
        await using var studio = await StartAsync();
        var (grain, job) = await studio.SubmitAsync("process; progress generate 0.1; sleep 60000");

        await studio.WaitAsync(grain, job, j => j.Step == "generate");
        var events = await Studio.WatchAsync(grain, job, enough: e => e.Step == "generate");
        var workerStarted = Studio.WorkerOf(events).StartTime.ToUniversalTime();
        await grain.CancelJobAsync(job);
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.IsLessThan(events[0].Time.UtcDateTime, workerStarted, "The worker did not wait ahead.");
        Assert.AreEqual(WorkState.Cancelled, ended.State, studio.Logs.ToString());
    }

    [TestMethod]
    public async Task A_job_that_waits_for_a_slot_begins_when_one_is_free()
    {
        await using var studio = await StartAsync();
        var running = new List<(IJobGrain Grain, string Name)>();
        for (var i = 0; i < 2; i++) running.Add(await studio.SubmitAsync("sleep 60000"));
        foreach (var (grain, job) in running) await studio.WaitForAsync(grain, job, WorkState.Running);
        var (waiting, name) = await studio.SubmitAsync("progress generate 1");

        await running[0].Grain.CancelJobAsync(running[0].Name);

        Assert.AreEqual(WorkState.Succeeded, (await studio.WaitForEndAsync(waiting, name)).State, studio.Logs.ToString());
    }

    [TestMethod]
    public async Task Two_hundred_watchers_are_woken_by_each_event_and_get_it_once()
    {
        await using var studio = await StartAsync();
        var (grain, job) = await studio.TrainAsync("train 40 10");

        var seen = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            var events = new List<ProgressEvent>();
            while (true)
            {
                var batch = await grain.ReadProgressAsync(job, events.Count, TimeSpan.FromSeconds(20));
                Assert.IsTrue(batch.Ended || batch.Events.Count > 0, "A watcher lost its patience: nobody woke it.");
                events.AddRange(batch.Events);
                if (batch.Ended) return events;
            }
        }));

        foreach (var events in seen) Studio.AssertNoGaps(events);
        Assert.HasCount(1, seen.Select(e => e.Count).Distinct());
    }

    /// <summary>A silo with two slots that has reported for work and hears no clock from then on.</summary>
    private static async Task<TestStudio> StartAsync()
    {
        var studio = new TestStudio
        {
            Periods = o => (o.WatchPeriod, o.ReconcilePeriod, o.TendPeriod, o.HeartbeatPatience, o.LeaseDuration) = (Never, Never, Never, Never, Never),
            Computing = o => (o.HeartbeatPeriod, o.ReportPeriod) = (Never, Never),
        };
        await studio.StartClusterAsync();
        while ((await studio.Scheduler.GetClusterAsync()).Silos.Count == 0) await Task.Delay(10);
        return studio;
    }
}

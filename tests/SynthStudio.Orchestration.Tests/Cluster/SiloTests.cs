using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Several silos, lost silos, restarted clusters.</summary>
[TestClass]
public sealed class SiloTests
{
    [TestMethod]
    public async Task Work_for_an_accelerator_goes_where_there_is_one()
    {
        await using var studio = await TestStudio.StartAsync("cpu", "cuda");
        var cuda = studio.Cluster.Silos[1].SiloAddress.ToParsableString();

        for (var i = 0; i < 5; i++)
        {
            var (grain, job) = await studio.SubmitAsync("", accelerator: "cuda");
            var ended = await studio.WaitForEndAsync(grain, job);
            Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
            Assert.AreEqual(cuda, ended.Silo);
        }

        var (plain, plainJob) = await studio.SubmitAsync("", accelerator: "cpu");
        Assert.AreNotEqual(cuda, (await studio.WaitForEndAsync(plain, plainJob)).Silo);
    }

    [TestMethod]
    public async Task A_silo_that_leaves_does_not_wait_for_those_who_watch()
    {
        await using var studio = await TestStudio.StartAsync("none", "none");
        var (grain, job) = await studio.SubmitAsync("");
        var owner = await studio.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        var watching = grain.ReadProgressAsync(job, after: 1, TimeSpan.FromSeconds(20));
        await grain.GetJobAsync(job); // Asked later, it is answered when the watcher has been heard.
        await Task.Delay(200);

        var stopping = studio.Cluster.StopSiloAsync(studio.SiloAt(owner!.ToParsableString()));
        var batch = await watching.WaitAsync(TimeSpan.FromSeconds(15));
        await stopping;

        Assert.IsEmpty(batch.Events);
        Assert.IsFalse(batch.Ended);
        Assert.AreEqual(WorkState.Queued, (await grain.GetJobAsync(job)).State);
    }

    [TestMethod]
    public async Task Work_that_no_silo_can_do_waits_and_says_why()
    {
        await using var studio = await TestStudio.StartAsync("cpu");
        var (grain, job) = await studio.SubmitAsync("", accelerator: "cuda");
        await Task.Delay(500);

        Assert.AreEqual(new QueueStanding(1, "NO_CAPABLE_SILO"), await studio.Scheduler.ExplainAsync(job));
        Assert.AreEqual(WorkState.Queued, (await grain.GetJobAsync(job)).State);
    }

    [TestMethod]
    public async Task Slots_are_kept_and_the_urgent_goes_first()
    {
        await using var studio = await TestStudio.StartAsync("cpu");
        var running = new List<(IJobGrain Grain, string Name)>();
        for (var i = 0; i < 2; i++) running.Add(await studio.SubmitAsync("sleep 60000"));
        foreach (var (grain, job) in running) await studio.WaitForAsync(grain, job, WorkState.Running);
        var (lateGrain, late) = await studio.SubmitAsync("", priority: 3);
        var (urgentGrain, urgent) = await studio.SubmitAsync($"wait {studio.Gate()}", priority: 1);

        var behind = await studio.Scheduler.ExplainAsync(late);
        var cluster = await studio.Scheduler.GetClusterAsync();
        await running[0].Grain.CancelJobAsync(running[0].Name);
        await studio.WaitForAsync(urgentGrain, urgent, WorkState.Running);
        var stillWaiting = await lateGrain.GetJobAsync(late);
        studio.Open();
        await studio.WaitForEndAsync(lateGrain, late);

        Assert.AreEqual(new QueueStanding(2, "NO_FREE_SLOT"), behind);
        Assert.AreEqual((2, 2), (cluster.Queued, cluster.Leased));
        Assert.AreEqual(WorkState.Queued, stillWaiting.State);
    }

    [TestMethod]
    public async Task A_silo_whose_workers_fail_at_once_fails_no_job_while_another_one_works()
    {
        var silos = 0;
        await using var studio = new TestStudio
        {
            // Always the roomiest, whatever the other one does.
            Computing = o =>
            {
                if (Interlocked.Increment(ref silos) == 1) (o.WorkerPath, o.Slots) = (Path.Combine(AppContext.BaseDirectory, "no-such-worker"), 8);
            },
        };
        await studio.StartClusterAsync("cpu", "cpu");
        while ((await studio.Scheduler.GetClusterAsync()).Silos.Count < 2) await Task.Delay(10);
        var sick = (await studio.Scheduler.GetClusterAsync()).Silos.Single(s => s.Slots == 8);
        var jobs = new List<(IJobGrain Grain, string Name)>();
        for (var i = 0; i < 4; i++) jobs.Add(await studio.SubmitAsync(""));

        foreach (var (grain, job) in jobs)
        {
            var ended = await studio.WaitForEndAsync(grain, job);
            Assert.AreEqual(WorkState.Succeeded, ended.State, $"{ended.Error}{Environment.NewLine}{studio.Logs}");
            Assert.AreNotEqual(sick.Address.ToParsableString(), ended.Silo);
        }

        await ControlTests.WaitUntilAsync(() => studio.Logs.ToString().Contains($"Silo {sick.Name} takes no work for a minute", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task A_job_of_a_killed_silo_goes_on_at_another_one()
    {
        await using var studio = await TestStudio.StartAsync("none", "cuda", "cuda");
        var (grain, job) = await studio.TrainAsync("train 10 30; sleep 60000 1; train 50 30", accelerator: "cuda");
        var seen = await Studio.WatchAsync(grain, job, enough: e => e.Metrics.GetValueOrDefault("optimiser_step") >= 5);
        var before = await grain.GetJobAsync(job);

        await studio.Cluster.KillSiloAsync(studio.SiloAt(before.Silo));
        var ended = await studio.WaitForEndAsync(grain, job);
        var events = await Studio.WatchAsync(grain, job, seen[^1].Sequence);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreNotEqual(before.Silo, ended.Silo);
        Assert.IsGreaterThan(before.Epoch.Value, ended.Epoch.Value);
        Studio.AssertNoGaps(events, seen[^1].Sequence);
    }

    [TestMethod]
    public async Task A_silo_that_stops_hands_its_training_over_with_a_checkpoint()
    {
        await using var studio = await TestStudio.StartAsync("none", "cuda", "cuda");
        var (grain, job) = await studio.TrainAsync("train 10 30; sleep 60000 1; train 50 30", accelerator: "cuda");
        var before = await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") >= 5);

        await studio.Cluster.StopSiloAsync(studio.SiloAt(before.Silo));
        var ended = await studio.WaitForEndAsync(grain, job);
        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreNotEqual(before.Silo, ended.Silo);
        Assert.IsTrue(events.Any(e => e.Message.Contains("shuts down", StringComparison.Ordinal)), studio.Logs.ToString());
        Studio.AssertEachStepOnce(events, 50);
    }

    [TestMethod]
    public async Task A_training_is_handed_over_while_its_process_waits_for_open_calls()
    {
        var calls = new OpenCalls();
        await using var studio = new TestStudio { Services = services => services.AddSingleton<IHostedService>(calls) };
        await studio.StartClusterAsync("none", "cuda", "cuda");
        var (grain, job) = await studio.TrainAsync("train 10 30; sleep 60000 1; train 50 30", accelerator: "cuda");
        var before = await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") >= 5);

        var stopping = studio.Cluster.StopSiloAsync(studio.SiloAt(before.Silo));
        await calls.Stops.WaitAsync(TimeSpan.FromMinutes(2));
        var ended = await studio.WaitForEndAsync(grain, job);
        Assert.IsFalse(stopping.IsCompleted, "The silo is there still.");
        calls.End();
        await stopping;

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreNotEqual(before.Silo, ended.Silo);
        Studio.AssertEachStepOnce(await Studio.WatchAsync(grain, job), 50);
    }

    [TestMethod]
    public async Task After_a_power_cut_a_job_goes_on_without_anybody_asking()
    {
        await using var studio = await TestStudio.StartAsync("cpu");
        var (grain, job) = await studio.TrainAsync("train 10 30; sleep 60000 1; train 50 30");
        var seen = await Studio.WatchAsync(grain, job, enough: e => e.Metrics.GetValueOrDefault("optimiser_step") >= 5);

        await studio.KillClusterAsync();
        await studio.StartClusterAsync("cpu");
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(job) is { HasEnded: true });

        var ended = studio.Catalog.Job(job)!;
        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        var again = studio.Client.GetGrain<IGeneratorGrain>(ended.Subject);
        var rest = await Studio.WatchAsync(again, job, seen[^1].Sequence);
        Studio.AssertNoGaps(rest, seen[^1].Sequence);
        Assert.AreEqual(50, rest[^1].Metrics["optimiser_step"]);
        var resumedWith = rest.First(e => e is { Attempt: 2, State: WorkState.Running, Message: "" }).Metrics["optimiser_step"];
        Assert.IsGreaterThanOrEqualTo(5, resumedWith, "It started anew.");
    }

    [TestMethod]
    public async Task A_queue_survives_an_orderly_restart()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (_, job) = await studio.SubmitAsync("progress generate 1");

        await studio.StopClusterAsync();
        await studio.StartClusterAsync("cpu");

        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(job) is { State: WorkState.Succeeded });
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace SynthStudio.Orchestration.Tests;

/// <summary>What operators and urgent work do to a running cluster.</summary>
[TestClass]
public sealed class SchedulingTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public Task StayInTheMonthAsync() => Midnight.LetPassAsync(TestContext.CancellationToken);

    [TestMethod]
    public async Task A_cordoned_silo_takes_no_work_until_it_may_again_and_a_restart_does_not_forget()
    {
        await using var studio = await TestStudio.StartAsync("cpu");
        await SiloReportsAsync(studio);
        var silo = (await studio.Scheduler.GetClusterAsync()).Silos.Single().Name;

        await studio.Scheduler.SetCordonAsync(silo, cordoned: true);
        var (_, job) = await studio.SubmitAsync("");
        await Task.Delay(500);
        var standing = await studio.Scheduler.ExplainAsync(job);
        await studio.KillClusterAsync();
        await studio.StartClusterAsync("cpu");
        await SiloReportsAsync(studio);
        await Task.Delay(500);
        var after = await studio.Scheduler.ExplainAsync(job);
        await studio.Scheduler.SetCordonAsync(silo, cordoned: false);
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(job) is { State: WorkState.Succeeded });

        Assert.AreEqual("SILOS_CORDONED", standing?.Reason);
        Assert.AreEqual("SILOS_CORDONED", after?.Reason);
        await Assert.ThrowsAsync<WorkNotFoundException>(() => studio.Scheduler.SetCordonAsync("nobody", cordoned: true));
    }

    [TestMethod]
    public async Task What_an_operator_asked_may_be_stored_though_nobody_answered_and_is_asked_for_again()
    {
        await using var studio = await TestStudio.StartAsync("cpu");
        await SiloReportsAsync(studio);
        var silo = (await studio.Scheduler.GetClusterAsync()).Silos.Single().Name;
        await studio.Scheduler.SetShareAsync("projects/p", new(2, 1));

        studio.Grains.LostAnswers = 1;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => studio.Scheduler.SetShareAsync("projects/p", new(3, 1)));
        await studio.Scheduler.SetShareAsync("projects/q", new(4, 1));
        studio.Grains.LostAnswers = 1;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => studio.Scheduler.SetCordonAsync(silo, cordoned: true));
        await studio.Scheduler.SetCordonAsync(silo, cordoned: false);

        Assert.AreEqual(new(3, 1), await studio.Scheduler.GetShareAsync("projects/p"));
        await studio.KillClusterAsync();
        await studio.StartClusterAsync("cpu");
        Assert.AreEqual(new(4, 1), await studio.Scheduler.GetShareAsync("projects/q"));
        Assert.IsEmpty((await studio.Scheduler.GetClusterAsync()).Cordoned);
    }

    [TestMethod]
    public async Task A_job_that_waits_for_a_silo_that_fell_silent_does_not_say_that_it_starts()
    {
        await using var studio = new TestStudio { Periods = o => o.HeartbeatPatience = TimeSpan.FromMilliseconds(200) };
        await studio.StartClusterAsync("none");
        await studio.Scheduler.HeartbeatAsync(new ComputeSilo
        {
            Address = studio.Cluster.Silos[0].SiloAddress, Name = "fell-silent", Accelerator = "cpu", Slots = 1, MemoryBytes = long.MaxValue, Leases = [],
        });
        await Task.Delay(500); // More than its patience; it is never heard again.

        var (_, job) = await studio.SubmitAsync("");

        Assert.AreEqual(new QueueStanding(1, "SILOS_SILENT"), await studio.Scheduler.ExplainAsync(job));
        Assert.AreEqual(studio.Cluster.Silos[0].SiloAddress, (await studio.Scheduler.GetClusterAsync()).Avoided!.Single());
    }

    [TestMethod]
    public async Task A_project_waits_when_its_accelerator_time_of_the_month_is_used_up()
    {
        await using var studio = await TestStudio.StartAsync("cuda");
        var (first, done) = await studio.SubmitAsync("sleep 1200", accelerator: "cuda");
        var project = string.Join('/', done.Split('/').Take(2));
        await studio.WaitForEndAsync(first, done);
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(done) is { State: WorkState.Succeeded });
        Assert.AreEqual("cuda", studio.Catalog.Job(done)!.Accelerator);
        await studio.Scheduler.SetShareAsync(project, new ProjectShare(1, 0) { MaxAcceleratorSecondsPerMonth = 1 });

        var (grain, job) = await studio.SubmitAsync("", accelerator: "cuda");
        await Task.Delay(300);
        Assert.AreEqual("ACCELERATOR_LIMIT", (await studio.Scheduler.ExplainAsync(job))?.Reason);
        await studio.Scheduler.SetShareAsync(project, new ProjectShare(1, 0) { MaxAcceleratorSecondsPerMonth = 3600 });

        Assert.AreEqual(WorkState.Succeeded, (await studio.WaitForEndAsync(grain, job)).State, studio.Logs.ToString());
    }

    [TestMethod]
    public async Task A_project_that_nobody_has_set_a_share_for_has_that_of_the_settings()
    {
        await using var studio = new TestStudio
        {
            Periods = o =>
                (o.MaxRunningPerProject, o.MaxRowsPerDayPerProject, o.MaxStoredBytesPerProject, o.MaxAcceleratorSecondsPerMonthPerProject,
                    o.MaxAcceleratorsPerProject) = (3, 100, 2000, 1, 2),
        };
        await studio.StartClusterAsync("cuda");
        var (first, done) = await studio.SubmitAsync("sleep 1200", accelerator: "cuda");
        var project = string.Join('/', done.Split('/').Take(2));
        await studio.WaitForEndAsync(first, done);
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(done) is { State: WorkState.Succeeded });
        var ofSettings = new ProjectShare(1, 3) { MaxRowsPerDay = 100, MaxStoredBytes = 2000, MaxAcceleratorSecondsPerMonth = 1, MaxAccelerators = 2 };
        Assert.AreEqual(ofSettings, await studio.Scheduler.GetShareAsync(project));
        await studio.Scheduler.SweepAsync(); // Reads what projects took.

        var (grain, job) = await studio.SubmitAsync("", accelerator: "cuda");
        await Task.Delay(300);
        Assert.AreEqual("ACCELERATOR_LIMIT", (await studio.Scheduler.ExplainAsync(job))?.Reason);

        await studio.Scheduler.SetShareAsync(project, new ProjectShare(1, 0));
        Assert.AreEqual(WorkState.Succeeded, (await studio.WaitForEndAsync(grain, job)).State, studio.Logs.ToString());
        Assert.AreEqual(new ProjectShare(1, 0), await studio.Scheduler.GetShareAsync(project), "It takes the place of all of it.");
        await studio.Scheduler.SetShareAsync(project, ofSettings);
        Assert.IsEmpty((await studio.Scheduler.GetClusterAsync()).Shares);
    }

    [TestMethod]
    public async Task A_paused_training_is_charged_for_its_leases_only()
    {
        await using var studio = await TestStudio.StartAsync("cuda");
        var began = Stopwatch.GetTimestamp();
        var (grain, job) = await studio.TrainAsync("train 10 20; sleep 60000 1; train 40 20", accelerator: "cuda");
        await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") >= 5);
        await grain.PauseAsync();
        await studio.WaitForAsync(grain, job, WorkState.Paused);
        await QueueEmptiesAsync(studio);

        var paused = Stopwatch.GetTimestamp();
        var first = await TakenAsync(studio);
        await Task.Delay(1000);
        await studio.Scheduler.SweepAsync();
        Assert.AreEqual(first, await TakenAsync(studio), "It is charged for its pause.");
        Assert.IsGreaterThan(TimeSpan.FromMilliseconds(80), first); // Four steps of 20 ms lie between the first and the fifth.
        var pause = Stopwatch.GetElapsedTime(paused);
        await grain.ResumeAsync();
        await studio.WaitForEndAsync(grain, job);
        await QueueEmptiesAsync(studio);

        var both = await TakenAsync(studio);
        Assert.IsGreaterThan(first + TimeSpan.FromMilliseconds(100), both, "The second lease is not charged.");
        Assert.IsLessThan(Stopwatch.GetElapsedTime(began) - pause, both);
    }

    [TestMethod]
    public async Task A_training_that_was_preempted_and_goes_on_is_charged_for_its_leases_only()
    {
        await using var studio = new TestStudio { Computing = o => o.Slots = 1, Periods = o => o.UndisturbedTime = TimeSpan.Zero };
        await studio.StartClusterAsync("cuda");
        var (grain, job) = await studio.TrainAsync("train 10 20; sleep 60000 1; train 40 20", accelerator: "cuda");
        await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") >= 5);

        var (urgentGrain, urgent) = await studio.SubmitAsync($"wait {studio.Gate()}", accelerator: "cpu", priority: 1);
        await studio.WaitForAsync(urgentGrain, urgent, WorkState.Running);
        var first = await TakenAsync(studio);
        await Task.Delay(300);
        await studio.Scheduler.SweepAsync();
        var meanwhile = await TakenAsync(studio);
        studio.Open();
        await studio.WaitForEndAsync(grain, job);
        await QueueEmptiesAsync(studio);

        Assert.IsGreaterThan(TimeSpan.FromMilliseconds(80), first);
        Assert.AreEqual(first, meanwhile, "It is charged for its place in the queue.");
        Assert.IsGreaterThan(first + TimeSpan.FromMilliseconds(100), await TakenAsync(studio), "The second lease is not charged.");
    }

    [TestMethod]
    public async Task A_job_that_moved_from_an_accelerator_to_a_cpu_is_charged_for_the_first_part()
    {
        await using var studio = await TestStudio.StartAsync("none", "cuda", "cpu");
        while ((await studio.Scheduler.GetClusterAsync()).Silos.Count < 2) await Task.Delay(10);
        var silos = (await studio.Scheduler.GetClusterAsync()).Silos.ToDictionary(s => s.Accelerator, s => s.Name);
        await studio.Scheduler.SetCordonAsync(silos["cpu"], cordoned: true);
        var (grain, job) = await studio.TrainAsync("train 10 20; sleep 60000 1; train 80 20");
        var before = await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") >= 5);

        await studio.Scheduler.SetCordonAsync(silos["cpu"], cordoned: false);
        await studio.Scheduler.DrainAsync(silos["cuda"]);
        await studio.WaitAsync(grain, job, j => j.Attempt == 2);
        var first = await TakenAsync(studio);
        var ended = await studio.WaitForEndAsync(grain, job);
        await QueueEmptiesAsync(studio);

        Assert.AreNotEqual(before.Silo, ended.Silo);
        Assert.IsGreaterThan(TimeSpan.FromMilliseconds(80), first);
        Assert.AreEqual(first, await TakenAsync(studio), "It is charged for what it did on the CPU.");
    }

    [TestMethod]
    public async Task A_drained_silo_hands_its_training_over_and_lets_its_draw_end()
    {
        await using var studio = await TestStudio.StartAsync("none", "cuda", "cuda");
        var (grain, job) = await studio.TrainAsync("train 10 20; sleep 60000 1; train 80 20", accelerator: "cuda");
        var before = await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") >= 5);
        var name = (await studio.Scheduler.GetClusterAsync()).Silos.Single(s => s.Address.ToParsableString() == before.Silo).Name;

        await studio.Scheduler.DrainAsync(name);
        var ended = await studio.WaitForEndAsync(grain, job);
        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreNotEqual(before.Silo, ended.Silo);
        Assert.IsTrue(studio.Cluster.Silos.Any(s => s.SiloAddress.ToParsableString() == before.Silo), "The silo left.");
        Studio.AssertEachStepOnce(events, 80);
    }

    [TestMethod]
    public async Task A_training_that_is_being_leased_while_its_silo_is_drained_does_not_start_there()
    {
        await using var studio = await TestStudio.StartAsync("cpu");
        await SiloReportsAsync(studio);
        var silo = (await studio.Scheduler.GetClusterAsync()).Silos.Single().Name;
        var drained = false;
        studio.Leases.WhileAcquired = async () =>
        {
            await studio.Scheduler.DrainAsync(silo);
            drained = true;
        };

        var (grain, job) = await studio.TrainAsync("train 20 10");
        await ControlTests.WaitUntilAsync(() => drained);
        await studio.WaitForReasonAsync(job, "SILOS_CORDONED");
        await Task.Delay(500);
        var meanwhile = await grain.GetJobAsync(job);
        studio.Leases.WhileAcquired = null;
        await studio.Scheduler.SetCordonAsync(silo, cordoned: false);
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Queued, 0), (meanwhile.State, meanwhile.Attempt), studio.Logs.ToString());
        Assert.AreEqual((WorkState.Succeeded, 1), (ended.State, ended.Attempt));
    }

    [TestMethod]
    public async Task A_training_gives_its_slot_to_urgent_work_and_goes_on_after_it()
    {
        await using var studio = new TestStudio { Computing = o => o.Slots = 1, Periods = o => o.UndisturbedTime = TimeSpan.Zero };
        await studio.StartClusterAsync("cpu");
        var (grain, job) = await studio.TrainAsync("train 10 20; sleep 60000 1; train 80 20");
        await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") >= 5);

        var (urgentGrain, urgent) = await studio.SubmitAsync("sleep 300", priority: 1);
        var first = await studio.WaitForEndAsync(urgentGrain, urgent);
        var ended = await studio.WaitForEndAsync(grain, job);
        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, first.State, studio.Logs.ToString());
        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreEqual(2, ended.Attempt);
        Assert.IsTrue(events.Any(e => e.Message.Contains("more urgent", StringComparison.Ordinal)));
        Studio.AssertNoGaps(events);
        Studio.AssertEachStepOnce(events, 80);
    }

    [TestMethod]
    public async Task A_silo_that_only_computes_hosts_no_grain_that_decides()
    {
        await using var studio = await TestStudio.StartAsync("none", "only cuda", "only cuda");
        var control = studio.Cluster.Silos[0].SiloAddress;
        for (var i = 0; i < 8; i++)
        {
            var (grain, job) = await studio.SubmitAsync("", accelerator: "cuda");
            Assert.AreEqual(WorkState.Succeeded, (await studio.WaitForEndAsync(grain, job)).State, studio.Logs.ToString());
            Assert.AreNotEqual(control.ToParsableString(), (await grain.GetJobAsync(job)).Silo);
        }

        var hosts = (await studio.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics())
            .Where(g => g.GrainId.Type.ToString()!.StartsWith("synthstudio.", StringComparison.Ordinal) && g.GrainId.Type.ToString() != "synthstudio.compute")
            .Select(g => g.SiloAddress).Distinct().ToList();
        CollectionAssert.AreEqual(new[] { control }, hosts);
    }

    [TestMethod]
    public async Task A_projects_limit_holds_back_its_next_job_only()
    {
        await using var studio = new TestStudio { Periods = o => o.MaxRunningPerProject = 1 };
        await studio.StartClusterAsync("cpu");
        var (firstGrain, first) = await studio.SubmitAsync("sleep 60000");
        await studio.WaitForAsync(firstGrain, first, WorkState.Running);
        var (secondGrain, second) = await studio.SubmitAsync("");
        await Task.Delay(300);

        var standing = await studio.Scheduler.ExplainAsync(second);
        await studio.Scheduler.SetShareAsync("projects/p", new(1, 2));
        var ended = await studio.WaitForEndAsync(secondGrain, second);

        Assert.AreEqual(new QueueStanding(1, "PROJECT_LIMIT"), standing);
        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
    }

    [TestMethod]
    public async Task A_projects_limit_of_accelerators_holds_back_its_next_job_that_needs_one()
    {
        await using var studio = new TestStudio { Computing = o => (o.Accelerators, o.Slots) = (2, 4), Periods = o => o.MaxAcceleratorsPerProject = 1 };
        await studio.StartClusterAsync("cuda");
        var (firstGrain, first) = await studio.SubmitAsync("sleep 60000", accelerator: "cuda");
        await studio.WaitForAsync(firstGrain, first, WorkState.Running);
        var (secondGrain, second) = await studio.SubmitAsync("", accelerator: "cuda");
        var (plainGrain, plain) = await studio.SubmitAsync("", accelerator: "cpu");
        var ran = await studio.WaitForEndAsync(plainGrain, plain);

        var standing = await studio.Scheduler.ExplainAsync(second);
        await studio.Scheduler.SetShareAsync("projects/p", new(1, 0) { MaxAccelerators = 2 });
        var ended = await studio.WaitForEndAsync(secondGrain, second);

        Assert.AreEqual(WorkState.Succeeded, ran.State, studio.Logs.ToString());
        Assert.AreEqual(new QueueStanding(1, "PROJECT_ACCELERATORS"), standing);
        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
    }

    [TestMethod]
    public async Task Jobs_of_a_silo_with_two_accelerators_see_one_each()
    {
        await using var studio = new TestStudio { Computing = o => (o.Accelerators, o.Slots) = (2, 3) };
        await studio.StartClusterAsync("cuda");
        var (oneGrain, one) = await studio.SubmitAsync($"environment CUDA_VISIBLE_DEVICES; wait {studio.Gate()}", accelerator: "cuda");
        var (otherGrain, other) = await studio.SubmitAsync($"environment CUDA_VISIBLE_DEVICES; wait {studio.Gate()}", accelerator: "cuda");
        await studio.WaitForAsync(oneGrain, one, WorkState.Running);
        await studio.WaitForAsync(otherGrain, other, WorkState.Running);
        var (_, third) = await studio.SubmitAsync("", accelerator: "cuda");
        await Task.Delay(200);

        Assert.AreEqual("NO_FREE_ACCELERATOR", (await studio.Scheduler.ExplainAsync(third))?.Reason);
        studio.Open();
        var said = (await Studio.WatchAsync(oneGrain, one)).Concat(await Studio.WatchAsync(otherGrain, other)).Select(e => e.Message).ToList();
        Assert.HasCount(1, said.Where(m => m.EndsWith('0')).ToList());
        Assert.HasCount(1, said.Where(m => m.EndsWith('1')).ToList());
    }

    [TestMethod]
    public async Task A_limit_of_time_has_not_passed_before_it_has_by_the_stores_clock_too()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow()); // To it the silo's own clock is ahead, more and more.
        await using var studio = new TestStudio { Leases = new(clock) };
        await studio.StartClusterAsync("none");
        var job = Studio.NewJob();
        var grain = studio.Client.GetGrain<IJobGrain>(job);
        await grain.SubmitAsync(Studio.Submission("") with { Limits = new(Total: TimeSpan.FromSeconds(1)) });

        await ControlTests.WaitUntilAsync(() => studio.Logs.ToString().Contains("clock is wrong", StringComparison.Ordinal));
        var meanwhile = await grain.GetJobAsync(job);
        studio.Leases.IsAway = true;
        await ControlTests.WaitUntilAsync(() => studio.Logs.ToString().Contains("knows the time does not answer", StringComparison.Ordinal));
        clock.Advance(TimeSpan.FromMinutes(1));
        studio.Leases.IsAway = false;
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(WorkState.Queued, meanwhile.State);
        Assert.AreEqual((WorkState.Failed, "TOTAL_TIME_EXCEEDED"), (ended.State, ended.Error?.Reason));
    }

    [TestMethod]
    public async Task A_job_that_hangs_is_killed_after_its_attempts_limit()
    {
        await using var studio = await TestStudio.StartAsync("cpu");
        var job = Studio.NewJob();
        var grain = studio.Client.GetGrain<IJobGrain>(job);
        await grain.SubmitAsync(new JobSubmission("projects/p/syntheticDatasets/s", await studio.ScriptAsync("stubborn 60000"), 3, WorkRequirements.Any)
        {
            // Time for a first attempt on a machine that stalls, not for all four.
            Limits = new(Attempt: TimeSpan.FromSeconds(1), Total: TimeSpan.FromSeconds(10)),
        });

        var ended = await studio.WaitForEndAsync(grain, job);
        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual(WorkState.Failed, ended.State);
        Assert.AreEqual("TOTAL_TIME_EXCEEDED", ended.Error?.Reason);
        Assert.IsTrue(events.Any(e => e.Error?.Reason == "ATTEMPT_TIME_EXCEEDED"), "No attempt was ended.");
        await ControlTests.WaitUntilAsync(() => Directory.GetDirectories(studio.ScratchFolder).All(silo => Directory.GetDirectories(silo).Length == 0));
    }

    /// <summary>What the leases had of accelerators this month.</summary>
    private static async Task<TimeSpan> TakenAsync(TestStudio studio)
    {
        var now = TimeProvider.System.GetUtcNow();
        return (await studio.Leases.AcceleratorTimeAsync(new(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero), CancellationToken.None)).GetValueOrDefault("projects/p");
    }

    private static async Task QueueEmptiesAsync(TestStudio studio)
    {
        while ((await studio.Leases.ListAsync(CancellationToken.None)).Count > 0) await Task.Delay(10);
    }

    private static async Task SiloReportsAsync(TestStudio studio)
    {
        while ((await studio.Scheduler.GetClusterAsync()).Silos.Count == 0) await Task.Delay(10);
    }
}

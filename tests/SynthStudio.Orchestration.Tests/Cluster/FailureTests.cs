using System.Diagnostics;

namespace SynthStudio.Orchestration.Tests;

/// <summary>What goes wrong, and what becomes of the job.</summary>
[TestClass]
public sealed class FailureTests
{
    [TestMethod]
    public async Task A_killed_worker_is_replaced_from_its_checkpoint_and_the_watcher_goes_on()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("process; train 10 20; sleep 60000 1; train 60 20");
        var seen = await Studio.WatchAsync(grain, job, enough: e => e.Metrics.GetValueOrDefault("optimiser_step") >= 10);
        var before = await grain.GetJobAsync(job);

        using (var worker = Studio.WorkerOf(seen)) worker.Kill();
        var rest = await Studio.WatchAsync(grain, job, seen[^1].Sequence);
        var ended = await grain.GetJobAsync(job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreEqual(2, ended.Attempt);
        Assert.IsGreaterThan(before.Epoch.Value, ended.Epoch.Value);
        Studio.AssertNoGaps(rest, seen[^1].Sequence);
        Studio.AssertEachStepOnce([.. seen, .. rest], 60);
        var failure = rest.Single(e => e.Error is not null).Error!;
        Assert.AreEqual("WORKER_CRASHED", failure.Reason);
        StringAssert.Contains(failure.Message, "SIGKILL", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task The_users_errors_are_not_tried_again()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync("fail user DUPLICATE_COLUMN");

        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(WorkState.Failed, ended.State);
        Assert.AreEqual(1, ended.Attempt);
        Assert.AreEqual(new WorkError(WorkErrorClass.User, "DUPLICATE_COLUMN", "The script says so."), ended.Error);
    }

    [TestMethod]
    public async Task A_failure_of_the_machine_is_tried_again_after_a_while()
    {
        await using var studio = await TestStudio.StartAsync();
        var start = Stopwatch.GetTimestamp();
        var (grain, job) = await studio.SubmitAsync("fail resource OUT_OF_MEMORY 1; fail resource OUT_OF_MEMORY 2; progress generate 1");

        QueueStanding? standing;
        do
        {
            standing = await studio.Scheduler.ExplainAsync(job);
        }
        while (standing?.Reason != "BACKING_OFF" && !(await grain.GetJobAsync(job)).HasEnded);
        var ended = await studio.WaitForEndAsync(grain, job);

        var failures = (await Studio.WatchAsync(grain, job)).Where(e => e.Error is not null).Select(e => e.Error!.Reason).ToList();
        CollectionAssert.AreEqual(new[] { "OUT_OF_MEMORY", "OUT_OF_MEMORY" }, failures);
        Assert.AreEqual(new QueueStanding(1, "BACKING_OFF"), standing);
        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreEqual(3, ended.Attempt);
        Assert.IsNull(ended.Error);
        Assert.IsGreaterThan(TimeSpan.FromSeconds(2 + 4), Stopwatch.GetElapsedTime(start));
    }

    [TestMethod]
    public async Task A_worker_that_leaves_without_a_word_tells_by_its_exit_code_and_what_its_runtime_said()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync("crash 42 1; progress generate 1");

        var error = (await Studio.WatchAsync(grain, job, enough: e => e.Error is not null)).First(e => e.Error is not null).Error!;

        Assert.AreEqual("WORKER_CRASHED", error.Reason);
        StringAssert.Contains(error.Message, "code 42", StringComparison.Ordinal);
        StringAssert.EndsWith(
            error.Message, "words: Unhandled exception. System.FormatException | ---> System.Exception | at Trainer.Step(Row row).", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Where_a_worker_failed_stands_in_the_silos_log()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync("fail internal ODD 1; progress generate 1");

        await Studio.WatchAsync(grain, job, enough: e => e.Error is not null);

        StringAssert.Contains(studio.Logs.ToString(), "Trace.Of(ODD)", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task An_old_lease_changes_nothing_and_is_told_to_go()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync("progress generate 0.5; sleep 60000");
        var running = await studio.WaitAsync(grain, job, j => j.Step == "generate");
        var done = new WorkCompleted(new WorkResult(new Dictionary<string, ObjectRef>(), new Dictionary<string, double>()));

        var old = await grain.ReportAsync(job, new LeaseEpoch(running.Epoch.Value - 1), 0, [done]);
        var ofTheFuture = await grain.ReportAsync(job, running.Epoch.Next, 0, [done]);
        var otherSilo = await grain.TakeOrderAsync(job, running.Epoch, "somewhere else");
        var after = await grain.GetJobAsync(job);

        Assert.AreEqual(WorkDirective.Abandon, old);
        Assert.AreEqual(WorkDirective.Abandon, ofTheFuture);
        Assert.IsNull(otherSilo);
        Assert.AreEqual(WorkState.Running, after.State);
        Assert.AreEqual(running.LastSequence, after.LastSequence);
    }

    [TestMethod]
    public async Task A_report_that_is_sent_again_counts_once()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.SubmitAsync("");
        var epoch = new LeaseEpoch(7);
        await grain.TakeOrderAsync(job, epoch, "S127.0.0.1:1:1");
        WorkUpdate[] updates = [new WorkStarted("s", 1, "cpu"), new WorkLogged("information", "one"), new WorkLogged("information", "two")];

        await grain.ReportAsync(job, epoch, 0, updates[..2]);
        await grain.ReportAsync(job, epoch, 0, updates);
        await grain.ReportAsync(job, epoch, 0, updates);

        var events = await studio.Log.ReadAsync(job, 0, 100, CancellationToken.None);
        CollectionAssert.AreEqual(new[] { "Queued", "Starting", "Runs on cpu", "one", "two" }, events.Select(e => e.Message).ToList());
    }

    [TestMethod]
    public async Task A_report_that_nobody_answered_counts_once_though_its_owner_died_since()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.SubmitAsync("");
        var (epoch, silo) = (new LeaseEpoch(7), "S127.0.0.1:1:1");
        await grain.TakeOrderAsync(job, epoch, silo);
        await grain.ReportAsync(job, epoch, 0, [new WorkStarted("s", 1, "cpu")]);
        WorkUpdate[] plain = [new WorkLogged("information", "one"), new WorkProgressed("generate", .5, null, new Dictionary<string, double>())];
        await grain.ReportAsync(job, epoch, 1, plain);

        await studio.KillClusterAsync();
        await studio.StartClusterAsync("none");
        grain = studio.Client.GetGrain<IJobGrain>(job);
        Assert.AreEqual(WorkDirective.Continue, await grain.ReportAsync(job, epoch, 1, [.. plain, new WorkLogged("information", "two")]));

        var events = await studio.Log.ReadAsync(job, 0, 100, CancellationToken.None);
        CollectionAssert.AreEqual(new[] { "Queued", "Starting", "Runs on cpu", "one", "", "two" }, events.Select(e => e.Message).ToList());
    }

    [TestMethod]
    public async Task A_catalog_that_was_away_is_told_later()
    {
        await using var studio = await TestStudio.StartAsync("none");
        studio.Catalog.Failures = 3;
        var job = Studio.NewJob();

        await Assert.ThrowsExactlyAsync<TimeoutException>(() => studio.Client.GetGrain<IJobGrain>(job).SubmitAsync(Studio.Submission("")));

        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(job) is { State: WorkState.Queued });
    }

    [TestMethod]
    public async Task An_owner_that_cannot_store_starts_anew_from_what_is_stored()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.SubmitAsync("");
        studio.Grains.Failures = 1;

        await Assert.ThrowsExactlyAsync<StoreUnavailableException>(() => grain.CancelJobAsync(job));
        var unchanged = await studio.WaitAsync(grain, job, _ => true);
        var cancelled = await grain.CancelJobAsync(job);

        Assert.AreEqual(WorkState.Queued, unchanged.State);
        Assert.AreEqual(WorkState.Cancelled, cancelled.State);
        Studio.AssertNoGaps(await Studio.WatchAsync(grain, job));
    }

    [TestMethod]
    public async Task An_owner_that_starts_anew_does_not_wait_for_those_who_watch()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.SubmitAsync("");
        var watching = grain.ReadProgressAsync(job, after: 1, TimeSpan.FromSeconds(20));
        await grain.GetJobAsync(job); // Asked later, it is answered when the watcher has been heard.
        await Task.Delay(200);
        studio.Grains.Failures = 1;

        await Assert.ThrowsExactlyAsync<StoreUnavailableException>(() => grain.CancelJobAsync(job));
        var batch = await watching.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.IsEmpty(batch.Events);
        Assert.AreEqual(WorkState.Cancelled, (await grain.CancelJobAsync(job)).State);
    }

    [TestMethod]
    public async Task An_end_whose_number_in_the_log_was_taken_meanwhile_is_told_all_the_same()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.SubmitAsync("");
        var meanwhile = new ProgressEvent
        {
            Sequence = 2, Time = TimeProvider.System.GetUtcNow(), State = WorkState.Running, Update = new(new(1), 0),
        };
        await studio.Log.AppendAsync(job, [meanwhile], CancellationToken.None);

        await Assert.ThrowsExactlyAsync<StoreUnavailableException>(() => grain.CancelJobAsync(job));
        var cancelled = await grain.CancelJobAsync(job);
        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual((WorkState.Cancelled, 3L), (cancelled.State, cancelled.LastSequence));
        Studio.AssertNoGaps(events);
        Assert.AreEqual(WorkState.Cancelled, events[^1].State);
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(job) is { State: WorkState.Cancelled });
    }

    [TestMethod]
    public async Task Plain_progress_writes_no_grain_state()
    {
        await using var studio = await TestStudio.StartAsync();
        var hundred = string.Concat(Enumerable.Repeat("progress generate 0.5; ", 100));
        var (grain, job) = await studio.SubmitAsync($"progress generate 0.1; sleep 500; {hundred} sleep 60000");
        await studio.WaitAsync(grain, job, j => j.Step == "generate");
        var before = studio.Grains.Writes;

        await studio.WaitAsync(grain, job, j => j.LastSequence > 100);

        Assert.AreEqual(before, studio.Grains.Writes);
    }

    [TestMethod]
    public async Task A_worker_sees_none_of_the_silos_secrets()
    {
        Environment.SetEnvironmentVariable("SYNTHSTUDIO_TEST_SECRET", "swordfish");
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync("environment SYNTHSTUDIO_TEST_SECRET; environment PATH");

        var messages = (await Studio.WatchAsync(grain, job)).Select(e => e.Message).ToList();

        CollectionAssert.Contains(messages, "SYNTHSTUDIO_TEST_SECRET=(unset)");
        CollectionAssert.DoesNotContain(messages, "PATH=(unset)");
    }
}

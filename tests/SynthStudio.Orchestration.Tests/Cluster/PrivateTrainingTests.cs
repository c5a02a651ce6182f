using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Orchestration.Tests;

/// <summary>A generator's accountant and the ledger, with scripted workers in real processes.</summary>
[TestClass]
public sealed class PrivateTrainingTests
{
    private static readonly PrivacyTerms Terms = new() { Epsilon = 1, Delta = 1e-6 };

    [TestMethod]
    public async Task A_private_training_reserves_touches_and_commits_once_and_says_what_it_spent()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("spend 0.25; progress train 0.5; say half; spend 0.5; progress train 1", privacy: Terms);
        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, events[^1].State);
        CollectionAssert.AreEqual(new[] { $"reserved {job}", $"touched {job}", $"committed {job}" }, studio.Ledger.Calls);
        Assert.IsTrue(events.All(e => e.Epsilon is not null), "Every event says it.");
        CollectionAssert.AreEqual(events.Select(e => e.Epsilon).Order().ToList(), events.Select(e => e.Epsilon).ToList());
        Assert.AreEqual(0.25, events.First(e => e.Message == "half").Epsilon);
        Assert.AreEqual(0.5, events[^1].Epsilon);
        var accountant = (await grain.GetAsync()).Accountant;
        Assert.IsTrue(accountant.Guaranteed);
        Assert.AreEqual(PrivacyLeaseState.Committed, accountant.Lease!.State);
        Assert.AreEqual(0.5, accountant.Lease.SpentEpsilon);
        Assert.AreEqual(
            (1.0, 1e-6, "row", 100L),
            (accountant.Statement!.Epsilon, accountant.Statement.Delta, accountant.Statement.Unit, accountant.Statement.Rows));
        CollectionAssert.AreEqual(new[] { "the number of rows" }, accountant.Statement.Bought.ToList());
    }

    [TestMethod]
    public async Task A_crash_and_its_resume_charge_nothing_again()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("spend 0.5; checkpoint 3; crash 9 1; spend 0.25; progress train 0.9", privacy: Terms);
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, 2), (ended.State, ended.Attempt));
        CollectionAssert.AreEqual(new[] { $"reserved {job}", $"touched {job}", $"committed {job}" }, studio.Ledger.Calls);
        Assert.AreEqual(0.5, (await grain.GetAsync()).Accountant.Lease!.SpentEpsilon, "What was said once is not taken back.");
    }

    [TestMethod]
    public async Task A_later_attempt_hears_what_earlier_ones_said_that_they_had_spent()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("told; spend 0.5; crash 9 1; progress train 0.9", privacy: Terms);
        var told = (await Studio.WatchAsync(grain, job)).Select(e => e.Message).Where(m => m.StartsWith("told", StringComparison.Ordinal)).ToList();

        Assert.HasCount(2, told);
        Assert.AreEqual("told ", told[0]);
        Assert.AreEqual($"told {(await grain.GetAsync()).Accountant.Lease!.SpentEventJson}", told[1]);
        Assert.Contains("laplace", told[1]);
    }

    [TestMethod]
    public async Task A_killed_cluster_goes_on_with_the_reservation_it_had()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("spend 0.5; checkpoint 1; sleep 60000 1", privacy: Terms);
        await Studio.WatchAsync(grain, job, enough: e => e.Message.StartsWith("Checkpoint", StringComparison.Ordinal));
        await studio.KillClusterAsync();
        await studio.StartClusterAsync();
        var again = studio.Client.GetGrain<IGeneratorGrain>(grain.GetPrimaryKeyString());
        var ended = await studio.WaitForEndAsync(again, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State);
        CollectionAssert.AreEqual(new[] { $"reserved {job}", $"touched {job}", $"committed {job}" }, studio.Ledger.Calls);
    }

    [TestMethod]
    public async Task Cancelled_before_a_worker_saw_anything_it_gives_its_price_back_and_later_it_does_not()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (waiting, queued) = await studio.TrainAsync("progress train 1", privacy: Terms);
        await waiting.CancelJobAsync(queued);
        await studio.WaitForAsync(waiting, queued, WorkState.Cancelled);
        Assert.AreEqual(ReservationState.Released, studio.Ledger.Of(queued)!.Value.State);
        Assert.AreEqual(PrivacyLeaseState.Released, (await waiting.GetAsync()).Accountant.Lease!.State);

        await using var busy = await TestStudio.StartAsync();
        var (running, job) = await busy.TrainAsync("progress train 0.1; sleep 60000", privacy: Terms);
        await Studio.WatchAsync(running, job, enough: e => e.Step == "train");
        await running.CancelJobAsync(job);
        await busy.WaitForAsync(running, job, WorkState.Cancelled);
        Assert.AreEqual(ReservationState.Touched, busy.Ledger.Of(job)!.Value.State, "What a worker may have seen stays spent.");
        Assert.AreEqual(PrivacyPrice.Asked(1, 1e-6), busy.Ledger.State.Spending.Unpacked.Boxes);
    }

    [TestMethod]
    public async Task What_was_noted_as_touched_by_an_owner_that_died_is_not_said_to_be_given_back()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.TrainAsync("progress train 1", privacy: Terms);
        await studio.Ledger.TouchAsync(job, default); // It died before it had stored that a worker takes the order.

        await grain.CancelJobAsync(job);
        await studio.WaitForAsync(grain, job, WorkState.Cancelled);

        Assert.AreEqual(ReservationState.Touched, studio.Ledger.Of(job)!.Value.State);
        Assert.AreEqual(PrivacyLeaseState.Touched, (await grain.GetAsync()).Accountant.Lease!.State, "Its price stays spent.");
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Generator(grain.GetPrimaryKeyString())?.Accountant.Lease?.State == PrivacyLeaseState.Touched);
        await studio.KillClusterAsync();
        await studio.StartClusterAsync("none");
        Assert.AreEqual(
            PrivacyLeaseState.Touched,
            (await studio.Client.GetGrain<IGeneratorGrain>(grain.GetPrimaryKeyString()).GetAsync()).Accountant.Lease!.State,
            "It is stored.");
    }

    [TestMethod]
    public async Task What_the_ledger_says_of_an_end_only_later_is_stored_before_it_is_shown()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.TrainAsync("progress train 1", privacy: Terms);
        var name = grain.GetPrimaryKeyString();
        studio.Ledger.EndFailure = new IOException("The ledger is away.");
        await grain.CancelJobAsync(job);
        Assert.AreEqual(PrivacyLeaseState.Reserved, (await grain.GetAsync()).Accountant.Lease!.State, "Nobody knows yet.");

        studio.Ledger.EndFailure = null;
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Generator(name)?.Accountant.Lease?.State == PrivacyLeaseState.Released);
        var shown = studio.Catalog.Generator(name)!.Version;
        await studio.KillClusterAsync();
        await studio.StartClusterAsync("none");
        var stored = await studio.Client.GetGrain<IGeneratorGrain>(name).GetAsync();

        Assert.AreEqual((PrivacyLeaseState.Released, shown), (stored.Accountant.Lease!.State, stored.Version));
    }

    [TestMethod]
    public async Task What_does_not_fit_is_refused_at_once_and_nothing_is_queued()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var name = Studio.NewGenerator();
        var grain = studio.Client.GetGrain<IGeneratorGrain>(name);
        await grain.CreateAsync(await studio.DefinitionAsync("progress train 1", privacy: Terms with { Epsilon = 4 }));

        var refusal = await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => grain.TrainAsync(Studio.NewJob(), 3));

        Assert.AreEqual((4.0, 3.0), (refusal.Figures.AskedEpsilon, refusal.Figures.BudgetEpsilon!.Value), "The figures come through the cluster.");
        Assert.AreEqual(GeneratorState.Draft, (await grain.GetAsync()).State);
        Assert.IsEmpty(studio.Ledger.Calls);
    }

    [TestMethod]
    [DataRow("state 0", "NO_PRIVACY_STATEMENT")]
    [DataRow("state 1.5", "PRIVACY_OVERSPENT")]
    public async Task A_model_without_its_promise_is_not_released(string script, string reason)
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync(script, privacy: Terms);
        var failed = await studio.WaitAsync(grain, job, j => j.Error is not null);

        Assert.AreEqual(reason, failed.Error!.Reason);
        Assert.IsNull((await grain.GetAsync()).Model);
        Assert.AreEqual(ReservationState.Touched, studio.Ledger.Of(job)!.Value.State);
        await grain.CancelJobAsync(job);
    }

    [TestMethod]
    public async Task No_worker_is_given_the_table_while_the_ledger_cannot_note_it()
    {
        await using var studio = await TestStudio.StartAsync();
        studio.Ledger.TouchFailure = new LedgerUnsafeException("projects/p/populations/x", "an older copy was put back.");
        var (grain, job) = await studio.TrainAsync("process; progress train 1", privacy: Terms);
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Failed, "LEDGER_UNSAFE"), (ended.State, ended.Error!.Reason));
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Generator(ended.Subject)?.Accountant.Lease?.State == PrivacyLeaseState.Released, "No worker saw the data, and that is not told.");
        Assert.IsFalse((await Studio.WatchAsync(grain, job)).Any(e => e.Message.StartsWith("process", StringComparison.Ordinal)), "No worker ran.");
    }

    [TestMethod]
    public async Task A_training_that_an_unsafe_ledger_ended_is_shown_as_ended_before_somebody_looked_at_the_ledger()
    {
        await using var studio = await TestStudio.StartAsync();
        studio.Ledger.TouchFailure = studio.Ledger.EndFailure = new LedgerUnsafeException("projects/p/populations/x", "an older copy was put back.");
        var (_, job) = await studio.TrainAsync("progress train 1", privacy: Terms);
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(job) is { State: WorkState.Failed }, "The catalog shows that it goes on.");
        Assert.AreEqual(ReservationState.Reserved, studio.Ledger.Of(job)!.Value.State);

        studio.Ledger.EndFailure = null;

        await ControlTests.WaitUntilAsync(() => studio.Ledger.Of(job)!.Value.State == ReservationState.Released, "Nobody gave its price back.");
    }

    [TestMethod]
    public async Task The_reservation_of_a_training_that_never_came_to_be_is_given_back_by_the_next()
    {
        await using var studio = await TestStudio.StartAsync();
        var name = Studio.NewGenerator();
        var grain = studio.Client.GetGrain<IGeneratorGrain>(name);
        await grain.CreateAsync(await studio.DefinitionAsync("progress train 1", privacy: Terms with { Epsilon = 2 }));
        await studio.Ledger.ReserveAsync(new BudgetRequest("d", name, "projects/p/jobs/stray", Terms with { Epsilon = 2 }, "u"), default);

        var job = Studio.NewJob();
        await grain.TrainAsync(job, 3);

        Assert.AreEqual(ReservationState.Released, studio.Ledger.Of("projects/p/jobs/stray")!.Value.State);
        Assert.AreEqual(WorkState.Succeeded, (await studio.WaitForEndAsync(grain, job)).State);
    }

    [TestMethod]
    public async Task The_reservation_of_a_training_that_never_came_to_be_is_given_back_though_nobody_asks_its_generator_again()
    {
        await using var studio = await TestStudio.StartAsync();
        var name = Studio.NewGenerator();
        await studio.Client.GetGrain<IGeneratorGrain>(name).CreateAsync(await studio.DefinitionAsync("progress train 1", privacy: Terms));
        await studio.Ledger.ReserveAsync(new BudgetRequest("d", name, "projects/p/jobs/stray", Terms, "u"), default);
        await studio.Ledger.ReserveAsync(new BudgetRequest("d", "projects/p/generators/never-made", "projects/p/jobs/stray2", Terms, "u"), default);

        await studio.Cluster.Silos[0].ServiceProvider.GetRequiredService<Reconciler>().ReconcileAsync(CancellationToken.None);

        Assert.AreEqual(ReservationState.Released, studio.Ledger.Of("projects/p/jobs/stray")!.Value.State);
        Assert.AreEqual(ReservationState.Released, studio.Ledger.Of("projects/p/jobs/stray2")!.Value.State);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task What_a_training_came_to_is_told_to_the_ledger_though_its_silo_died_before_and_nobody_asks(bool isPrivate)
    {
        await using var studio = await TestStudio.StartAsync();
        studio.Ledger.EndFailure = new IOException("The ledger is away.");
        var (grain, job) = await studio.TrainAsync("progress train 1", privacy: isPrivate ? Terms : null);
        await studio.WaitForAsync(grain, job, WorkState.Succeeded);
        var listed = studio.Catalog.Listings;
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Listings > listed + 2); // Reconcilers looked at it.

        await studio.KillClusterAsync();
        studio.Ledger.EndFailure = null;
        await studio.StartClusterAsync();

        await ControlTests.WaitUntilAsync(
            () => isPrivate ? studio.Ledger.Of(job)!.Value.State == ReservationState.Committed : studio.Ledger.State.NonPrivateReleases == 1, "The ledger was never told.");
        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(job) is { State: WorkState.Succeeded });
    }

    [TestMethod]
    public async Task A_model_without_a_promise_is_told_to_the_ledger()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("progress train 1");
        var events = await Studio.WatchAsync(grain, job);

        Assert.IsTrue(events.All(e => e.Epsilon is null));
        Assert.AreEqual(1, studio.Ledger.State.NonPrivateReleases);
        Assert.IsFalse((await grain.GetAsync()).Accountant.Guaranteed);
    }
}

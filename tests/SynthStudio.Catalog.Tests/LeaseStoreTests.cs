namespace SynthStudio.Catalog.Tests;

public abstract class LeaseStoreTests(Provider provider)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AlreadyOver = TimeSpan.FromMilliseconds(-1);

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private ILeaseStore Store => _catalog.Get<ILeaseStore>();

    [TestInitialize]
    public async Task OpenAsync()
    {
        await Midnight.LetPassAsync(Cancellation);
        _catalog = await TestCatalog.CreateAsync(provider);
    }

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task Several_are_leased_in_one_step_and_those_that_do_not_wait_are_told()
    {
        foreach (var job in new[] { "a", "b", "c" }) await Store.EnqueueAsync(Item(job), Cancellation);
        await Store.AcquireAsync("b", "another", Long, Cancellation);
        var epochs = await Store.AcquireAsync([new("c", "one"), new("b", "one"), new("none", "one"), new("a", "two")], Long, Cancellation);
        CollectionAssert.AreEqual(new LeaseEpoch?[] { new(1), null, null, new(1) }, epochs.ToArray());
        var held = (await Store.ListAsync(Cancellation)).ToDictionary(w => w.Item.Job, w => w.Holder);
        Assert.AreEqual(("two", "another", "one"), (held["a"], held["b"], held["c"]));
    }

    [TestMethod]
    public async Task Jobs_of_a_project_that_wait_are_counted()
    {
        foreach (var job in new[] { "a", "b", "c", "d" }) await Store.EnqueueAsync(Item(job), Cancellation);
        await Store.EnqueueAsync(Item("e") with { Project = "projects/other" }, Cancellation);
        await Store.AcquireAsync("b", "silo", Long, Cancellation);

        Assert.AreEqual(3, await Store.CountWaitingAsync(Item("a").Project, most: 10, Cancellation));
        Assert.AreEqual(2, await Store.CountWaitingAsync(Item("a").Project, most: 2, Cancellation));
        Assert.AreEqual(0, await Store.CountWaitingAsync("projects/none", most: 10, Cancellation));
    }

    [TestMethod]
    public async Task Of_many_silos_that_want_a_job_one_gets_it()
    {
        await Store.EnqueueAsync(Item("j"), Cancellation);
        var epochs = await Task.WhenAll(Enumerable.Range(0, 32).Select(
            i => Task.Run(() => Store.AcquireAsync("j", $"silo{i}", Long, Cancellation), Cancellation)));
        Assert.AreEqual(new LeaseEpoch(1), epochs.Single(e => e is not null));
    }

    [TestMethod]
    public async Task The_epoch_grows_with_every_lease_and_never_falls_behind_the_owners()
    {
        await Store.EnqueueAsync(Item("j", epoch: 4), Cancellation);
        Assert.AreEqual(new LeaseEpoch(5), await Store.AcquireAsync("j", "a", AlreadyOver, Cancellation));
        await Store.EnqueueAsync(Item("j", epoch: 4), Cancellation);
        Assert.AreEqual(new LeaseEpoch(6), await Store.AcquireAsync("j", "b", Long, Cancellation));
        Assert.IsTrue(await Store.ReleaseAsync("j", new LeaseEpoch(6), Cancellation));
        await Store.EnqueueAsync(Item("j", epoch: 6), Cancellation);
        Assert.AreEqual(new LeaseEpoch(7), await Store.AcquireAsync("j", "c", Long, Cancellation));
    }

    [TestMethod]
    public async Task Enqueuing_again_leaves_a_live_lease_alone_and_updates_a_waiting_job()
    {
        await Store.EnqueueAsync(Item("j"), Cancellation);
        await Store.AcquireAsync("j", "a", Long, Cancellation);
        await Store.EnqueueAsync(Item("j") with { Priority = 1 }, Cancellation);
        var leased = (await Store.ListAsync(Cancellation)).Single();
        Assert.AreEqual("a", leased.Holder);
        Assert.AreEqual(3, leased.Item.Priority);

        var later = new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        await Store.EnqueueAsync(Item("w"), Cancellation);
        await Store.EnqueueAsync(Item("w") with { Priority = 1, NotBefore = later }, Cancellation);
        var waiting = (await Store.ListAsync(Cancellation)).Single(q => q.Item.Job == "w");
        Assert.AreEqual(Item("w") with { Priority = 1, NotBefore = later }, waiting.Item);
        Assert.IsNull(waiting.Holder);
    }

    [TestMethod]
    public async Task A_stale_epoch_is_refused()
    {
        await Store.EnqueueAsync(Item("j"), Cancellation);
        var first = await Store.AcquireAsync("j", "a", AlreadyOver, Cancellation);
        await Store.ExpireAsync([], overdue: true, Cancellation);
        var second = await Store.AcquireAsync("j", "b", Long, Cancellation);

        var lost = await Store.RenewAsync("a", [new HeldLease("j", first!.Value)], Long, Cancellation);
        Assert.AreEqual(new HeldLease("j", first.Value), lost.Single());
        Assert.IsFalse(await Store.ReleaseAsync("j", first.Value, Cancellation));
        Assert.HasCount(1, await Store.RenewAsync("a", [new HeldLease("j", second!.Value)], Long, Cancellation), "another silo's lease");
        Assert.IsEmpty(await Store.RenewAsync("b", [new HeldLease("j", second.Value)], Long, Cancellation));
        Assert.IsTrue(await Store.ReleaseAsync("j", second.Value, Cancellation));
        Assert.IsEmpty(await Store.ListAsync(Cancellation));
    }

    [TestMethod]
    public async Task Leases_end_when_they_expire_or_their_silo_died_and_the_jobs_wait_again()
    {
        foreach (var job in new[] { "expired", "dead", "alive", "waiting" }) await Store.EnqueueAsync(Item(job), Cancellation);
        await Store.AcquireAsync("expired", "a", AlreadyOver, Cancellation);
        await Store.AcquireAsync("dead", "b", Long, Cancellation);
        await Store.AcquireAsync("alive", "c", Long, Cancellation);

        var first = await Store.ExpireAsync(["b", "unknown"], overdue: false, Cancellation);
        Assert.AreEqual("dead", first.Single().Item.Job, "an overdue lease may be renewed yet");
        var ended = first.Concat(await Store.ExpireAsync(["b", "unknown"], overdue: true, Cancellation));
        CollectionAssert.AreEquivalent(new[] { "expired on a", "dead on b" }, ended.Select(q => $"{q.Item.Job} on {q.Holder}").ToArray());
        Assert.IsEmpty(await Store.ExpireAsync(["b"], overdue: true, Cancellation), "each end is answered once");
        var held = (await Store.ListAsync(Cancellation)).Where(q => q.Holder is not null);
        Assert.AreEqual("alive", held.Single().Item.Job);
        Assert.AreEqual(new LeaseEpoch(2), await Store.AcquireAsync("dead", "c", Long, Cancellation));
    }

    [TestMethod]
    public async Task Only_a_waiting_job_can_be_withdrawn()
    {
        await Store.EnqueueAsync(Item("j"), Cancellation);
        await Store.AcquireAsync("j", "a", Long, Cancellation);
        Assert.IsFalse(await Store.WithdrawAsync("j", Cancellation));
        await Store.EnqueueAsync(Item("w"), Cancellation);
        Assert.IsTrue(await Store.WithdrawAsync("w", Cancellation));
        Assert.IsFalse(await Store.WithdrawAsync("w", Cancellation));
    }

    [TestMethod]
    public async Task Schedulers_in_different_processes_share_the_queue()
    {
        var others = new LeaseStore(_catalog.OpenAnother());
        for (var i = 0; i < 20; i++) await Store.EnqueueAsync(Item($"j{i}"), Cancellation);
        var jobs = Enumerable.Range(0, 20).Select(i => $"j{i}").ToArray();
        var mine = jobs.Select(job => Task.Run(() => Store.AcquireAsync(job, "a", Long, Cancellation), Cancellation));
        var theirs = jobs.Select(job => Task.Run(() => others.AcquireAsync(job, "b", Long, Cancellation), Cancellation));
        var won = await Task.WhenAll(mine.Concat(theirs));
        Assert.AreEqual(20, won.Count(e => e is not null));
    }

    [TestMethod]
    public async Task A_job_is_charged_for_its_leases_on_accelerators_and_for_nothing_between()
    {
        await Store.EnqueueAsync(Item("j"), Cancellation);
        var first = await LeaseAsync("j", onAccelerator: true);
        await Task.Delay(150, Cancellation);
        var held = await TakenAsync();
        Assert.IsTrue(await Store.ReleaseAsync("j", first, Cancellation));
        var released = await TakenAsync();
        await Task.Delay(150, Cancellation); // Paused.
        await Store.EnqueueAsync(Item("j", epoch: 1), Cancellation);
        await Task.Delay(150, Cancellation); // Waits.
        var waited = await TakenAsync();
        var onCpu = await LeaseAsync("j", onAccelerator: false);
        await Task.Delay(150, Cancellation);
        await Store.ReleaseAsync("j", onCpu, Cancellation);
        var moved = await TakenAsync();
        await Store.EnqueueAsync(Item("j", epoch: 2), Cancellation);
        var third = await LeaseAsync("j", onAccelerator: true);
        await Task.Delay(150, Cancellation);
        await Store.ReleaseAsync("j", third, Cancellation);
        await Store.ReleaseAsync("j", third, Cancellation); // A repeat.
        var all = await TakenAsync();

        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(140), held, "One that runs counts.");
        Assert.IsGreaterThanOrEqualTo(held, released, "Nothing is lost when a lease ends.");
        Assert.AreEqual(released, waited);
        Assert.AreEqual(released, moved, "On a CPU nothing is charged.");
        Assert.IsGreaterThanOrEqualTo(released + TimeSpan.FromMilliseconds(140), all);
        var usage = await _catalog.Get<JobUsageStore>().ListAsync("projects/p", Month, Month.AddMonths(1), Cancellation);
        Assert.AreEqual((WorkKind.Training, 0L, all), (usage.Single().Kind, usage.Single().Jobs, usage.Single().AcceleratorTime));
        Assert.IsEmpty(await Store.AcceleratorTimeAsync(Month.AddMonths(-1), Cancellation));
    }

    [TestMethod]
    public async Task A_lease_that_is_lost_is_charged_once_until_it_expired()
    {
        foreach (var job in new[] { "swept", "enqueued", "dead" }) await Store.EnqueueAsync(Item(job), Cancellation);
        var brief = TimeSpan.FromMilliseconds(100);
        await Store.AcquireAsync([new("swept", "a", OnAccelerator: true), new("enqueued", "a", OnAccelerator: true)], brief, Cancellation);
        var held = System.Diagnostics.Stopwatch.StartNew();
        await Store.AcquireAsync([new("dead", "b", OnAccelerator: true)], Long, Cancellation);
        await Task.Delay(400, Cancellation);
        await Store.EnqueueAsync(Item("enqueued", epoch: 1), Cancellation);
        Assert.HasCount(2, await Store.ExpireAsync(["b"], overdue: true, Cancellation));
        var longest = held.Elapsed;
        Assert.IsEmpty(await Store.ExpireAsync(["b"], overdue: true, Cancellation));

        var lost = await TakenAsync();
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(100 + 100 + 390), lost);
        Assert.IsLessThan(TimeSpan.FromMilliseconds(100 + 100 + 50) + longest, lost, "They are charged for what came after their end.");
        await Task.Delay(50, Cancellation);
        Assert.AreEqual(lost, await TakenAsync());
    }

    [TestMethod]
    public async Task Whoever_looks_while_leases_end_misses_none()
    {
        string[] jobs = ["a", "b", "c", "d"];
        foreach (var job in jobs) await Store.EnqueueAsync(Item(job), Cancellation);
        await Store.AcquireAsync([.. jobs.Select(job => new LeaseWish(job, "a", OnAccelerator: true))], Long, Cancellation);
        await Task.Delay(300, Cancellation);

        var ending = Task.Run(async () => { foreach (var job in jobs) await Store.ReleaseAsync(job, new LeaseEpoch(1), Cancellation); }, Cancellation);
        var seen = new List<TimeSpan> { await TakenAsync() };
        while (!ending.IsCompleted) seen.Add(await TakenAsync());
        await ending;
        seen.Add(await TakenAsync());

        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(290 * jobs.Length), seen.Min());
    }

    [TestMethod]
    public async Task A_lease_that_an_older_scheduler_gave_after_one_on_an_accelerator_is_not_charged_as_one()
    {
        await Store.EnqueueAsync(Item("j"), Cancellation);
        await Store.AcquireAsync([new("j", "a", OnAccelerator: true)], Long, Cancellation);
        await _catalog.Database.ExecuteAsync("UPDATE work_queue SET holder = NULL, expire_time = NULL", Cancellation); // As it ends leases, and gives the next.
        await _catalog.Database.ExecuteAsync($"UPDATE work_queue SET epoch = epoch + 1, holder = 'b', expire_time = {SqlDialect.Now} + 60000000", Cancellation);
        await Task.Delay(50, Cancellation);
        Assert.AreEqual(TimeSpan.Zero, await TakenAsync());
        Assert.IsTrue(await Store.ReleaseAsync("j", new LeaseEpoch(2), Cancellation));
        Assert.AreEqual(TimeSpan.Zero, await TakenAsync());
    }

    [TestMethod]
    public async Task The_store_tells_the_time()
    {
        var before = TimeProvider.System.GetUtcNow();

        var told = await Store.GetTimeAsync(Cancellation);

        Assert.IsLessThan(TimeSpan.FromMinutes(1), (told - before).Duration(), "Both run on one machine.");
        Assert.AreEqual(TimeSpan.Zero, told.Offset);
        Assert.IsGreaterThanOrEqualTo(told, await Store.GetTimeAsync(Cancellation));
    }

    // The database's clock.
    private static DateTimeOffset Month =>
        TimeProvider.System.GetUtcNow() is var now ? new(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero) : default;

    private async Task<TimeSpan> TakenAsync() => (await Store.AcceleratorTimeAsync(Month, Cancellation)).GetValueOrDefault("projects/p");

    private async Task<LeaseEpoch> LeaseAsync(string job, bool onAccelerator) =>
        (await Store.AcquireAsync([new(job, "a", onAccelerator)], Long, Cancellation))[0]!.Value;

    private static WorkItem Item(string job, long epoch = 0) => new()
    {
        Job = job,
        Kind = WorkKind.Training,
        Owner = "projects/p/generators/g",
        Project = "projects/p",
        Priority = 3,
        Requirements = new WorkRequirements("cuda", 12),
        EnqueueTime = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero),
        Epoch = new LeaseEpoch(epoch),
    };
}

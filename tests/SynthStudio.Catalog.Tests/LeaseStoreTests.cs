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
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

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
        await Store.ExpireAsync([], Cancellation);
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

        var ended = await Store.ExpireAsync(["b", "unknown"], Cancellation);
        CollectionAssert.AreEquivalent(new[] { "expired on a", "dead on b" }, ended.Select(q => $"{q.Item.Job} on {q.Holder}").ToArray());
        Assert.IsEmpty(await Store.ExpireAsync(["b"], Cancellation), "each end is answered once");
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

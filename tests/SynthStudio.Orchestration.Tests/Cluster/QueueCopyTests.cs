namespace SynthStudio.Orchestration.Tests;

/// <summary>The scheduler's copy of the queue: what is said again costs nothing, what changes while it is read is not lost.</summary>
[TestClass]
public sealed class QueueCopyTests
{
    [TestMethod]
    public async Task What_waits_and_is_enqueued_again_as_it_was_is_not_written_again()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var item = Item("projects/p/jobs/waits") with { NotBefore = TimeProvider.System.GetUtcNow().AddHours(1) };
        await studio.Scheduler.EnqueueAsync(item);
        await studio.Scheduler.EnqueueAsync(item with { NotBefore = item.NotBefore?.AddTicks(-9), Model = "a hint" });
        Assert.AreEqual(1, studio.Leases.Enqueued);

        await studio.Scheduler.EnqueueAsync(item with { Priority = 1 });
        await studio.Scheduler.EnqueueAsync(item with { Priority = 1, NotBefore = null });
        await studio.Scheduler.EnqueueAsync(item with { Priority = 1, NotBefore = null, Epoch = new(3) });
        await studio.Scheduler.EnqueueAsync(item with { Priority = 1, NotBefore = null, Epoch = new(2) });

        Assert.AreEqual(4, studio.Leases.Enqueued);
        var stored = (await studio.Leases.ListAsync(CancellationToken.None)).Single().Item;
        Assert.AreEqual((1, new LeaseEpoch(3)), (stored.Priority, stored.Epoch));
        Assert.IsNull(stored.NotBefore);
    }

    [TestMethod]
    public async Task Reconcilers_do_not_write_what_waits_already_and_do_write_what_the_store_lost()
    {
        await using var studio = new TestStudio { Periods = o => o.ReconcilePeriod = TimeSpan.FromMilliseconds(100) };
        await studio.StartClusterAsync("none");
        var (_, job) = await studio.SubmitAsync("");
        await Task.Delay(300); // What its owner did at first may be told twice.
        var before = studio.Leases.Enqueued;

        await Task.Delay(1000);
        Assert.AreEqual(before, studio.Leases.Enqueued);

        Assert.IsTrue(await studio.Leases.WithdrawAsync(job, CancellationToken.None));
        await ControlTests.WaitUntilAsync(() => studio.Leases.Enqueued > before);
        Assert.AreEqual(job, (await studio.Leases.ListAsync(CancellationToken.None)).Single().Item.Job);
        Assert.IsNotNull(await studio.Scheduler.ExplainAsync(job));
    }

    [TestMethod]
    public async Task The_queue_is_read_once_however_much_changes_meanwhile_and_keeps_what_changed()
    {
        await using var studio = new TestStudio { Periods = o => o.ReconcilePeriod = TimeSpan.FromHours(1) };
        await studio.StartClusterAsync("none");
        await studio.Scheduler.EnqueueAsync(Item("projects/p/jobs/leaves"));
        var (count, withdrawn) = (0, false);
        studio.Leases.WhileListed = async () =>
        {
            await studio.Scheduler.EnqueueAsync(Item($"projects/p/jobs/came{++count}"));
            withdrawn |= await studio.Scheduler.WithdrawAsync("projects/p/jobs/leaves");
        };

        await studio.Scheduler.SweepAsync().WaitAsync(TimeSpan.FromMinutes(1));
        studio.Leases.WhileListed = null;

        Assert.IsTrue(withdrawn);
        Assert.IsLessThan(4, count, "Its own reading, and one of a reconciler that starts.");
        Assert.IsNotNull(await studio.Scheduler.ExplainAsync("projects/p/jobs/came1"), "It was read before it came.");
        Assert.IsNull(await studio.Scheduler.ExplainAsync("projects/p/jobs/leaves"), "It was read before it left.");
    }

    private static WorkItem Item(string job) => new()
    {
        Job = job, Kind = WorkKind.Generation, Owner = job, Project = "projects/p", Priority = 3, Requirements = WorkRequirements.Any,
        EnqueueTime = TimeProvider.System.GetUtcNow(),
    };
}

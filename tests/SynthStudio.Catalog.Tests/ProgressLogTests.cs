namespace SynthStudio.Catalog.Tests;

public abstract class ProgressLogTests(Provider provider)
{
    private const string Job = "projects/p/jobs/j";

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private IProgressLog Log => _catalog.Get<IProgressLog>();

    [TestInitialize]
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task What_is_appended_is_read_in_order_from_any_place()
    {
        var part = new PartRef(2, 1000, new ObjectRef("sha256/aa", "aa", 5, "text/csv"));
        var full = new ProgressEvent
        {
            Sequence = 4,
            Time = new DateTimeOffset(2026, 11, 23, 1, 2, 3, TimeSpan.Zero).AddTicks(1230),
            State = WorkState.Failed,
            Attempt = 2,
            Step = "train",
            StepFraction = .25,
            Fraction = .5,
            Remaining = TimeSpan.FromSeconds(12.5),
            Metrics = new Dictionary<string, double> { ["loss"] = 1.5 },
            Message = "déjà vu",
            Part = part,
            Error = new WorkError(WorkErrorClass.User, "BAD_VALUE", "Column age: 'x' is no number.", "age", 7),
            Update = new UpdateNumber(new(3), 17),
        };
        await Log.AppendAsync(Job, [Event(1), Event(2), Event(3)], Cancellation);
        await Log.AppendAsync(Job, [full], Cancellation);
        await Log.AppendAsync("projects/p/jobs/other", [Event(1)], Cancellation);

        var read = await Log.ReadAsync(Job, after: 1, limit: 2, Cancellation);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, read.Select(e => e.Sequence).ToArray());
        var last = (await Log.ReadAsync(Job, after: 3, limit: 10, Cancellation)).Single();
        Assert.AreEqual(1.5, last.Metrics["loss"]);
        Assert.AreEqual(full with { Metrics = last.Metrics }, last);
        Assert.AreEqual(4, await Log.LastSequenceAsync(Job, Cancellation));
    }

    [TestMethod]
    public async Task A_taken_sequence_refuses_the_whole_append_and_no_other()
    {
        await Log.AppendAsync(Job, [Event(1), Event(2)], Cancellation);
        var conflict = Log.AppendAsync(Job, [Event(3), Event(2)], Cancellation);
        var fine = Log.AppendAsync("projects/p/jobs/other", [Event(1)], Cancellation);
        await Assert.ThrowsExactlyAsync<SequenceConflictException>(() => conflict);
        await Assert.ThrowsExactlyAsync<SequenceConflictException>(() => Log.AppendAsync(Job, [Event(2)], Cancellation));
        await fine;
        Assert.AreEqual(2, await Log.LastSequenceAsync(Job, Cancellation));
        await Log.AppendAsync(Job, [Event(3)], Cancellation);
    }

    [TestMethod]
    public async Task Of_two_writers_of_the_same_sequence_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            try
            {
                await Log.AppendAsync(Job, [Event(1)], Cancellation);
                return true;
            }
            catch (SequenceConflictException)
            {
                return false;
            }
        })));
        Assert.AreEqual(1, results.Count(won => won));
    }

    [TestMethod]
    public async Task What_was_acknowledged_is_there_for_another_process()
    {
        await Log.AppendAsync(Job, [Event(1)], Cancellation);
        await using var other = ProgressLog.Of(_catalog.OpenAnother());
        Assert.AreEqual(1, await other.LastSequenceAsync(Job, Cancellation));
        await other.AppendAsync(Job, [Event(2)], Cancellation);
        await Assert.ThrowsExactlyAsync<SequenceConflictException>(() => Log.AppendAsync(Job, [Event(2)], Cancellation));
        await Log.DeleteAsync(Job, Cancellation);
        Assert.AreEqual(0, await other.LastSequenceAsync(Job, Cancellation));
    }

    [TestMethod]
    public async Task Fifty_jobs_at_once_each_keep_all_their_events()
    {
        const int jobs = 50;
        const int events = 40;
        await Task.WhenAll(Enumerable.Range(0, jobs).Select(j => Task.Run(async () =>
        {
            for (var i = 1; i <= events; i++) await Log.AppendAsync($"projects/p/jobs/{j}", [Event(i)], Cancellation);
        })));

        for (var j = 0; j < jobs; j++) Assert.AreEqual(events, await Log.LastSequenceAsync($"projects/p/jobs/{j}", Cancellation));
    }

    private static ProgressEvent Event(long sequence) => new()
    {
        Sequence = sequence,
        Time = DateTimeOffset.UnixEpoch.AddSeconds(sequence),
        State = WorkState.Running,
        Step = "train",
        StepFraction = .1,
        Metrics = new Dictionary<string, double> { ["loss"] = 3.25, ["epoch"] = 4 },
    };
}

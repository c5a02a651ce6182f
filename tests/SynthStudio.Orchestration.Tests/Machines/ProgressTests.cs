using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace SynthStudio.Orchestration.Tests;

[TestClass]
public sealed class ProgressTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void Events_have_the_workers_time_kept_in_order_and_out_of_the_future()
    {
        var position = ProgressPosition.Start(WorkKind.Training);
        var now = Start;
        var offsets = new (double Worker, double Owner)?[] { (1, 2), (1.5, 3), (0.5, 4), (99, 5), null }.Select(told =>
        {
            now = told is { } clocks ? Start.AddSeconds(clocks.Owner) : now.AddSeconds(1);
            var append = new AppendEvent(WorkState.Running, 1, "") with { Time = told is { } t ? Start.AddSeconds(t.Worker) : null };
            (position, var e) = position.Next(append, now);
            return (e.Time - Start).TotalSeconds;
        });

        CollectionAssert.AreEqual(new[] { 1, 1.5, 1.5, 5, 6 }, offsets.ToList());
    }

    [TestMethod]
    public void The_whole_is_weighted_by_steps()
    {
        var position = ProgressPosition.Start(WorkKind.Training);

        var seen = new[] { ("ingest", 1.0), ("encode", 0.5), ("train", 0.5), ("unheard-of", 0.9), ("verify", 2.0) }.Select(told =>
        {
            (position, var e) = position.Next(Progress(told.Item1, told.Item2), Start);
            return Math.Round(e.Fraction, 6);
        }).ToList();

        CollectionAssert.AreEqual(new[] { 0.05, 0.075, 0.525, 0.525, 1 }, seen);
    }

    [TestMethod]
    public void The_remaining_time_is_told_once_there_is_something_to_go_by()
    {
        var position = ProgressPosition.Start(WorkKind.Generation);
        TimeSpan? early = null;
        for (var second = 0; second <= 20; second++)
        {
            (position, _) = position.Next(Progress("generate", second * 0.01), Start.AddSeconds(second));
            if (second == 2) early = position.Remaining;
        }

        Assert.IsNull(early);
        Assert.AreEqual(80, position.Remaining!.Value.TotalSeconds, 1);
    }

    [TestMethod]
    public async Task Sequences_have_no_gaps_across_failed_appends_and_restarts()
    {
        var gen = Gen.Choose(0, 9).ArrayOf();
        var samples = gen.Sample(40, 200);
        foreach (var actions in samples)
        {
            var log = new FlakyLog();
            var journal = await OpenAsync(log);
            foreach (var action in actions)
            {
                if (action == 9) journal = await OpenAsync(log);
                log.Fail = action == 8;
                var before = journal.Position;
                var events = journal.Number(Enumerable.Repeat(Progress("train", action / 10.0), action % 4), Start);
                try
                {
                    await journal.AppendAsync(events, CancellationToken.None);
                }
                catch (IOException)
                {
                    journal.Rewind(before);
                }
            }

            Studio.AssertNoGaps(await log.ReadAsync("job", 0, int.MaxValue, CancellationToken.None));
        }
    }

    [TestMethod]
    public async Task A_change_whose_number_a_replaced_activation_took_for_progress_gets_the_next_one_and_is_told_once()
    {
        var log = new MemoryProgressLog();
        var (replaced, owner) = (await OpenAsync(log), await OpenAsync(log));
        var pending = owner.Number([new AppendEvent(WorkState.Running, 1, "one") { Update = new(new(1), 4) }, new AppendEvent(WorkState.Failed, 1, "It failed.")], Start);
        var progress = replaced.Number(
            [
                Progress("train", 0.5) with { Update = new(new(1), 3) },
                new AppendEvent(WorkState.Running, 1, "one") { Update = new(new(1), 4) },
            ],
            Start.AddSeconds(1));
        await replaced.AppendAsync(progress, CancellationToken.None);

        for (var i = 0; i < 2; i++)
        {
            var next = await OpenAsync(log);
            await next.CatchUpAsync(pending, CancellationToken.None);
            Assert.AreEqual((3L, 3L), (next.Stored, next.Position.Sequence));
        }

        var events = await log.ReadAsync("job", 0, int.MaxValue, CancellationToken.None);
        Studio.AssertNoGaps(events);
        CollectionAssert.AreEqual(new[] { "", "one", "It failed." }, events.Select(e => e.Message).ToList());
        Assert.AreEqual(Start.AddSeconds(1), events[^1].Time, "Events are in the order of time.");
    }

    [TestMethod]
    public async Task A_reader_gets_every_event_once_from_memory_or_log_wherever_it_starts()
    {
        var log = new MemoryProgressLog();
        var journal = await OpenAsync(log);
        for (var i = 0; i < 30; i++)
        {
            await journal.AppendAsync(journal.Number(Enumerable.Repeat(Progress("train", 0.5), 100), Start), CancellationToken.None);
        }

        foreach (var after in new long[] { 0, 1, 1975, 1976, 1977, 2500, 2999 })
        {
            var read = new List<ProgressEvent>();
            while (read.Count == 0 || read[^1].Sequence < 3000)
            {
                read.AddRange((await journal.ReadAsync(read.Count == 0 ? after : read[^1].Sequence, TimeSpan.Zero, () => false)).Events);
            }

            Studio.AssertNoGaps(read, after);
        }
    }

    [TestMethod]
    public async Task A_reader_waits_for_the_next_event_but_not_for_ever()
    {
        var time = new FakeTimeProvider();
        var journal = await ProgressJournal.OpenAsync("job", WorkKind.Training, new MemoryProgressLog(), time, CancellationToken.None);

        var patient = journal.ReadAsync(0, TimeSpan.FromSeconds(10), () => false);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.IsFalse(patient.IsCompleted);
        await journal.AppendAsync(journal.Number([Progress("train", 0)], Start), CancellationToken.None);
        var got = await patient;
        var impatient = journal.ReadAsync(1, TimeSpan.FromSeconds(10), () => false);
        time.Advance(TimeSpan.FromSeconds(10));
        var nothing = await impatient;
        var ended = await journal.ReadAsync(1, TimeSpan.FromSeconds(10), () => true);

        Assert.HasCount(1, got.Events);
        Assert.IsEmpty(nothing.Events);
        Assert.IsFalse(nothing.Ended);
        Assert.IsTrue(ended.Ended);
    }

    [TestMethod]
    [DataRow(true, DisplayName = "that is to start anew")]
    [DataRow(false, DisplayName = "whose silo leaves")]
    public async Task Readers_do_not_hold_up_an_owner(bool startsAnew)
    {
        var journal = await ProgressJournal.OpenAsync("job", WorkKind.Training, new MemoryProgressLog(), new FakeTimeProvider(), CancellationToken.None);
        using var leave = new CancellationTokenSource();
        var waiting = journal.ReadAsync(0, TimeSpan.FromSeconds(10), () => false, leave.Token);
        Assert.IsFalse(waiting.IsCompleted);

        if (startsAnew) journal.Close();
        else await leave.CancelAsync();

        foreach (var reading in new[] { waiting, journal.ReadAsync(0, TimeSpan.FromSeconds(10), () => false, leave.Token) })
        {
            var batch = await reading.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.IsEmpty(batch.Events);
            Assert.IsFalse(batch.Ended);
        }
    }

    private static Task<ProgressJournal> OpenAsync(IProgressLog log) =>
        ProgressJournal.OpenAsync("job", WorkKind.Training, log, TimeProvider.System, CancellationToken.None);

    private static AppendEvent Progress(string step, double fraction) =>
        new(WorkState.Running, 1, "") { Progress = new WorkProgressed(step, fraction, null, new Dictionary<string, double>()) };

    /// <summary>Fails on demand, before anything is stored.</summary>
    private sealed class FlakyLog : IProgressLog
    {
        private readonly MemoryProgressLog log = new();

        public bool Fail { get; set; }

        public Task AppendAsync(string job, IReadOnlyList<ProgressEvent> events, CancellationToken cancellation) =>
            Fail ? throw new IOException("The log is away.") : log.AppendAsync(job, events, cancellation);

        public Task<IReadOnlyList<ProgressEvent>> ReadAsync(string job, long after, int limit, CancellationToken cancellation) =>
            log.ReadAsync(job, after, limit, cancellation);

        public Task<long> LastSequenceAsync(string job, CancellationToken cancellation) => log.LastSequenceAsync(job, cancellation);

        public Task DeleteAsync(string job, CancellationToken cancellation) => log.DeleteAsync(job, cancellation);
    }
}

using System.Collections.Concurrent;

namespace SynthStudio.Catalog.Tests;

[TestClass]
public sealed class GroupCommitTests
{
    [TestMethod]
    public async Task What_can_wait_is_written_with_what_comes_next()
    {
        var batches = new ConcurrentQueue<string>();
        await using var commits = Commits(batches, patience: TimeSpan.FromMinutes(10));

        var patient = commits.WriteAsync(new Noted("end") { CanWait = true }, CancellationToken.None);
        await commits.WriteAsync(new Noted("begin"), CancellationToken.None);
        await patient;

        CollectionAssert.AreEqual(new[] { "end begin" }, batches);
    }

    [TestMethod]
    public async Task What_can_wait_is_written_when_nothing_comes_and_when_the_process_leaves()
    {
        var batches = new ConcurrentQueue<string>();
        await using (var commits = Commits(batches, patience: TimeSpan.FromMilliseconds(1)))
            await commits.WriteAsync(new Noted("alone") { CanWait = true }, CancellationToken.None);

        Task last;
        await using (var leaving = Commits(batches, patience: TimeSpan.FromMinutes(10)))
            last = leaving.WriteAsync(new Noted("last") { CanWait = true }, CancellationToken.None);
        await last;

        CollectionAssert.AreEqual(new[] { "alone", "last" }, batches);
    }

    [TestMethod]
    public async Task Whatever_a_write_fails_with_is_heard_by_who_waits_and_what_comes_next_is_written()
    {
        var failures = new Queue<Exception>([new InvalidCastException()]);
        await using var commits = new GroupCommit<Noted>(_ => failures.TryDequeue(out var failure) ? Task.FromException(failure) : Task.CompletedTask);

        await Assert.ThrowsExactlyAsync<InvalidCastException>(() => WriteAsync("lost"));
        await WriteAsync("next");

        Task WriteAsync(string what) => commits.WriteAsync(new Noted(what), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [TestMethod]
    public async Task Who_is_alone_writes_on_the_thread_that_hands_over()
    {
        var thread = 0;
        await using var commits = new GroupCommit<Noted>(_ =>
        {
            thread = Environment.CurrentManagedThreadId;
            return Task.CompletedTask;
        });

        var mine = Environment.CurrentManagedThreadId;
        var written = commits.WriteAsync(new Noted("alone"), CancellationToken.None);

        Assert.AreEqual((true, mine), (written.IsCompletedSuccessfully, thread));
    }

    [TestMethod]
    public async Task What_comes_while_others_write_is_written_together_and_nothing_is_left_or_written_twice()
    {
        const int Writers = 50, Each = 200;
        var (writing, batches, written) = (0, 0, new ConcurrentBag<string>());
        await using var commits = new GroupCommit<Noted>(async batch =>
        {
            Assert.AreEqual(1, Interlocked.Increment(ref writing), "One at a time.");
            await Task.Yield();
            foreach (var noted in batch) written.Add(noted.What);
            batches++;
            Interlocked.Decrement(ref writing);
        });

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) await commits.WriteAsync(new Noted($"{writer} {i}") { CanWait = i % 50 == 49 }, CancellationToken.None);
        }))).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.AreEqual((Writers * Each, Writers * Each), (written.Count, written.Distinct().Count()));
        Assert.IsLessThan(Writers * Each, batches);
    }

    private static GroupCommit<Noted> Commits(ConcurrentQueue<string> batches, TimeSpan patience) => new(
        batch =>
        {
            batches.Enqueue(string.Join(' ', batch.Select(noted => noted.What)));
            return Task.CompletedTask;
        },
        patience);

    private sealed record Noted(string What) : Written;
}

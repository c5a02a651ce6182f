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

    private static GroupCommit<Noted> Commits(ConcurrentQueue<string> batches, TimeSpan patience) => new(
        batch =>
        {
            batches.Enqueue(string.Join(' ', batch.Select(noted => noted.What)));
            return Task.CompletedTask;
        },
        patience);

    private sealed record Noted(string What) : Written;
}

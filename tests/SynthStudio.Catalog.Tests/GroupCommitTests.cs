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

    private static GroupCommit<Noted> Commits(ConcurrentQueue<string> batches, TimeSpan patience) => new(
        batch =>
        {
            batches.Enqueue(string.Join(' ', batch.Select(noted => noted.What)));
            return Task.CompletedTask;
        },
        patience);

    private sealed record Noted(string What) : Written;
}

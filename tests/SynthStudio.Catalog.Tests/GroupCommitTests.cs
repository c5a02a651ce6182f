using System.Collections.Concurrent;
using System.Net.Sockets;

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
    public async Task Whatever_a_batch_fails_of_its_callers_hear_of_it_and_the_next_one_is_written()
    {
        var batches = 0;
        await using var commits = new GroupCommit<Noted>(
            _ => ++batches == 1 ? throw new SocketException((int)SocketError.HostNotFound) : Task.CompletedTask); // As a driver says that the server's name is not found.

        await Assert.ThrowsExactlyAsync<SocketException>(() => commits.WriteAsync(new Noted("lost"), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
        await commits.WriteAsync(new Noted("again"), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.AreEqual(2, batches);
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

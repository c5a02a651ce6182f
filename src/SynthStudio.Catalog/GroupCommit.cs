using System.Data.Common;
using System.Threading.Channels;

namespace SynthStudio.Catalog;

/// <summary>Something to be written that its caller waits for.</summary>
internal abstract record Written
{
    /// <summary>Set when it is durable, or is known not to be.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether no caller waits for it, so that it may wait for a moment itself, for others to be written with.</summary>
    public bool CanWait { get; init; }
}

/// <summary>
/// Whoever hands something over writes it, with all that waits; what comes meanwhile gathers and is written together (group commit), so that the cost of a
/// commit is shared by all who wait at the same time, and who is alone waits for no other thread.
/// </summary>
/// <typeparam name="T">What is written.</typeparam>
internal sealed class GroupCommit<T> : IAsyncDisposable
    where T : Written
{
    private const int MaxBatch = 1024;

    private readonly Func<IReadOnlyList<T>, Task> _write;
    private readonly TimeSpan _patience;
    private readonly Channel<T> _waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(8 * MaxBatch));

    /// <summary>Held by who writes, one at a time.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Whether somebody comes for what can wait.</summary>
    private bool _isLooked;

    /// <param name="write">
    /// Commits a batch. One that it refuses it tells so itself; the others are told when it returns. When it throws, of those that were not told it is not known
    /// what was committed.
    /// </param>
    /// <param name="patience">How long what can wait does; 10 ms when not given.</param>
    public GroupCommit(Func<IReadOnlyList<T>, Task> write, TimeSpan? patience = null) => (_write, _patience) = (write, patience ?? TimeSpan.FromMilliseconds(10));

    /// <summary>Hands something over; it is durable when the task is done.</summary>
    /// <param name="what">What to write.</param>
    /// <param name="cancellation">Stops waiting for room. Once handed over, what happened is to be known.</param>
    /// <exception cref="DbException">The database does not take it: disk full, file or server gone, locked for too long.</exception>
    public async Task WriteAsync(T what, CancellationToken cancellation)
    {
        await _waiting.Writer.WriteAsync(what, cancellation);
        if (what.CanWait) LookLater();
        else if (TaskScheduler.Current == TaskScheduler.Default) await WriteWaitingAsync(isOwn: true);
        else _ = Task.Run(() => WriteWaitingAsync(isOwn: false), CancellationToken.None); // A grain's turns are its own.
        await what.Done.Task;
    }

    /// <summary>Writes what was handed over and stops; takes nothing any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _turn.WaitAsync();
        while (Take() is { Count: > 0 } batch) await WriteAsync(batch);
    }

    /// <summary>Writes what waits, unless somebody does, who then looks again when their turn is over.</summary>
    /// <param name="isOwn">Whether who calls waits for the first batch only; others are then written by another thread.</param>
    private async Task WriteWaitingAsync(bool isOwn)
    {
        while (_waiting.Reader.TryPeek(out _))
        {
            if (!_turn.Wait(0)) return;
            try
            {
                if (Take() is { Count: > 0 } batch) await WriteAsync(batch);
            }
            finally
            {
                _turn.Release();
            }

            if (!isOwn) continue;
            if (_waiting.Reader.TryPeek(out _)) _ = Task.Run(() => WriteWaitingAsync(isOwn: false));
            return;
        }
    }

    private void LookLater()
    {
        if (Interlocked.Exchange(ref _isLooked, true)) return;
        _ = Task.Run(async () =>
        {
            await Task.Delay(_patience);
            Volatile.Write(ref _isLooked, false);
            await WriteWaitingAsync(isOwn: false);
        });
    }

    private async Task WriteAsync(List<T> batch)
    {
        try
        {
            await _write(batch);
            foreach (var written in batch) written.Done.TrySetResult();
        }
        catch (Exception e) // Whatever it is: every caller of this batch hears of it and may try again, and who comes later must not wait for ever.
        {
            foreach (var lost in batch) lost.Done.TrySetException(e);
        }
    }

    private List<T> Take()
    {
        var batch = new List<T>();
        while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var next)) batch.Add(next);
        return batch;
    }
}

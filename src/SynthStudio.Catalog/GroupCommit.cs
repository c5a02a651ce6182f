using System.Data.Common;
using System.Threading.Channels;

namespace SynthStudio.Catalog;

/// <summary>Something to be written that its caller waits for.</summary>
internal abstract record Written
{
    /// <summary>Set when it is written, or it is known that it may not be.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether no caller waits for it, so that it may wait for a moment itself, for others to be written with.</summary>
    public bool CanWait { get; init; }
}

/// <summary>
/// One loop writes whatever has gathered while it wrote the last (group commit), so that the cost of a commit is shared by all who wait at the same time.
/// </summary>
/// <typeparam name="T">What is written.</typeparam>
internal sealed class GroupCommit<T> : IAsyncDisposable
    where T : Written
{
    private const int MaxBatch = 1024;

    private readonly Func<IReadOnlyList<T>, Task> _write;
    private readonly TimeSpan _patience;
    private readonly Channel<T> _waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(8 * MaxBatch) { SingleReader = true });
    private readonly Task _writing;

    /// <param name="write">
    /// Commits a batch. One that it refuses it tells so itself; the others are told when it returns. When it throws, of those that
    /// were not told it is not known what was committed.
    /// </param>
    /// <param name="patience">How long what can wait does; 10 ms when not given.</param>
    public GroupCommit(Func<IReadOnlyList<T>, Task> write, TimeSpan? patience = null)
    {
        (_write, _patience) = (write, patience ?? TimeSpan.FromMilliseconds(10));
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Hands something over; it is written when the task is done, as safely as what writes batches does.</summary>
    /// <param name="what">What to write.</param>
    /// <param name="cancellation">Stops waiting for room. Once handed over, what happened is to be known.</param>
    /// <exception cref="DbException">The database does not take it: disk full, file or server gone, locked for too long.</exception>
    public async Task WriteAsync(T what, CancellationToken cancellation)
    {
        await _waiting.Writer.WriteAsync(what, cancellation);
        await what.Done.Task;
    }

    /// <summary>Writes what was handed over and stops; takes nothing any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<T>(MaxBatch);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            Take(batch);
            if (batch.TrueForAll(written => written.CanWait))
            {
                await Task.WhenAny(_waiting.Reader.WaitToReadAsync().AsTask(), Task.Delay(_patience));
                Take(batch);
            }

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
    }

    private void Take(List<T> batch)
    {
        while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var next)) batch.Add(next);
    }
}

using Amazon.Runtime;

namespace SynthStudio.Storage.S3;

/// <summary>
/// The bytes of an object as they arrive, each read of which ends within a limit. The client holds them against the store's own hash, where
/// it told one, and finds damage of its own accord.
/// </summary>
/// <param name="inner">What the client hands over; disposed with this.</param>
/// <param name="key">The object's key, for errors.</param>
/// <param name="limit">For each read that can be stopped; null for a minute.</param>
/// <exception cref="StorageUnavailableException">Of a read: the store says nothing more, or went away.</exception>
/// <exception cref="ObjectCorruptException">Of a read: the store has other bytes than were put there, or they changed on the way.</exception>
internal sealed class ReceivedStream(Stream inner, string key, TimeSpan? limit = null) : ForwardStream
{
    private readonly TimeSpan _limit = limit ?? TimeSpan.FromMinutes(1);

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return inner.Read(buffer, offset, count);
        }
        catch (AmazonClientException e)
        {
            throw Damaged(e);
        }
        catch (Exception e) when (S3Errors.IsOfStore(e))
        {
            throw S3Errors.BrokenOff(e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(_limit);
        try
        {
            return await inner.ReadAsync(buffer, stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw S3Errors.NoAnswer(e);
        }
        catch (AmazonClientException e)
        {
            throw Damaged(e);
        }
        catch (Exception e) when (S3Errors.IsOfStore(e))
        {
            throw S3Errors.BrokenOff(e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing) inner.Dispose();
        }
        catch (AmazonClientException)
        {
            // Closing compares once more: who has read to the end was told.
        }

        base.Dispose(disposing);
    }

    private ObjectCorruptException Damaged(AmazonClientException e) => new(key, "other bytes than the store hashed when it got them", e);
}

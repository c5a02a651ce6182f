using System.Security.Authentication;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage.S3;

namespace SynthStudio.Api.Transfers.Buckets;

/// <summary>Gives an object in a bucket of somebody else to a data set as it comes.</summary>
internal sealed class ObjectImportWork(ImportSinks sinks, ForeignPlaces places, ApiOptions limits) : ITransferWork
{
    private const int PieceBytes = 1 << 20;

    public bool Does(TransferSpec spec) => spec.Object is not null;

    public async Task RunAsync(TransferRecord transfer, string secret, TransferProgress progress, CancellationToken cancellation)
    {
        var (import, address) = (transfer.Spec.Object!, transfer.Endpoint.Bucket!);
        if (await sinks.BeginAsync(import.Upload, import.Dataset, import.Sha256.Length > 0 ? import.Sha256 : null, progress, cancellation) is not { } sink)
        {
            await sinks.RecountAsync(import.Dataset, rows: null, progress, cancellation);
            return;
        }

        using var bucket = places.Open(address, secret);
        try
        {
            await CopyAsync(bucket, import.Key, sink, cancellation);
        }
        catch (ForeignBucketException e)
        {
            throw BucketErrors.Of(e, address, import.Key);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
            && e is HttpRequestException or HttpIOException or IOException { InnerException: System.Net.Sockets.SocketException }
                or AuthenticationException)
        {
            throw new TransferException(TransferReasons.Unreachable, "The store broke off in the middle of the object. Try again.", import.Key, e);
        }

        await sink.CompleteAsync(cancellation);
    }

    public Task CleanUpAsync(TransferRecord transfer, CancellationToken cancellation) => sinks.AbandonAsync(transfer.Spec.Object!.Upload, cancellation);

    private async Task CopyAsync(ForeignBucket bucket, string key, ImportSink sink, CancellationToken cancellation)
    {
        var (content, size) = await bucket.OpenReadAsync(key, cancellation);
        await using var closing = content;
        if (size > limits.MaxUploadBytes)
            throw new TransferException(TransferReasons.TooLarge, $"The object has {size} bytes; a data set may have at most {limits.MaxUploadBytes}.", key);
        var (piece, left) = (new byte[PieceBytes], size);
        while (await content.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellation) is > 0 and var read)
        {
            await sink.AppendAsync(piece.AsMemory(0, read), rows: 0, cancellation);
            left -= read;
        }

        if (left != 0) throw new TransferException(TransferReasons.Unreachable, $"Of the {size} bytes of the object {size - left} came. Try again.", key);
    }
}

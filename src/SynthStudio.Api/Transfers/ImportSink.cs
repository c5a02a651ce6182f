using Google.Protobuf;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Transfers;

/// <summary>Opens the uploads that imports write to, and gives them up.</summary>
internal sealed class ImportSinks(UploadFlow uploads, UploadIndex index, DatasetStore datasets, IObjectStore objects)
{
    /// <summary>Begins an import at its beginning, whatever an earlier attempt wrote; null when that got to the end.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="dataset">The data set that it fills.</param>
    /// <param name="sha256">What all bytes must have; null does not check. An earlier attempt may have died before it compared.</param>
    /// <param name="progress">Told of what was moved.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="TransferException">Somebody gave the upload up, or what an earlier attempt wrote are other bytes.</exception>
    public async Task<ImportSink?> BeginAsync(string upload, string dataset, string? sha256, TransferProgress progress, CancellationToken cancellation)
    {
        var noted = await index.FindAsync(upload, cancellation);
        if ((await datasets.FindAsync(dataset, cancellation))?.Object is not null)
        {
            // Who gave it the bytes may have died before the upload ended, or before the data set was read.
            if (noted is { State: not UploadState.Aborted }) await CompleteAsync(upload, sha256, session: null, cancellation);
            return null;
        }

        if (noted is not { State: UploadState.Open } found) throw new TransferException(TransferReasons.Abandoned, $"{upload} was given up before the import began.", upload);
        if (await uploads.RestartAsync(found, cancellation) is { } empty) return new ImportSink(this, uploads, empty, sha256, progress);
        await CompleteAsync(upload, sha256, session: null, cancellation); // Its bytes are an object already, and its data set was not told.
        return null;
    }

    /// <summary>Counts what an earlier attempt, which came to the end and could not say so, brought.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="rows">Counts its rows, the header among them; null counts bytes only.</param>
    /// <param name="progress">Told of what was moved.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task RecountAsync(string dataset, CsvRowCounter? rows, TransferProgress progress, CancellationToken cancellation)
    {
        if ((await datasets.FindAsync(dataset, cancellation))?.Object is not { } content) return; // Deleted meanwhile.
        if (rows is null)
        {
            progress.Add(0, content.Size);
            return;
        }

        await using var stream = await objects.OpenReadAsync(content, cancellation: cancellation);
        var piece = new byte[1 << 20];
        var header = 1L; // Not a row: it goes off the first that is counted.
        while (await stream.ReadAsync(piece, cancellation) is > 0 and var read)
        {
            var counted = rows.Count(piece.AsSpan(0, read));
            var ofHeader = Math.Min(header, counted);
            header -= ofHeader;
            progress.Add(counted - ofHeader, read);
        }
    }

    /// <summary>Compares the bytes with what the import asks for, and has the data set read.</summary>
    /// <exception cref="TransferException">They are others.</exception>
    /// <exception cref="UploadNotFoundException">Another session than this writes the upload by now.</exception>
    internal async Task CompleteAsync(string upload, string? sha256, string? session, CancellationToken cancellation)
    {
        try
        {
            await uploads.CompleteAsync(upload, sha256, cancellation, session, ArrivalSource.Import);
        }
        catch (Exception e) when (e is UploadChecksumException
            || (e as RpcException)?.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason == ErrorReasons.ContentMismatch)
        {
            throw new TransferException(TransferReasons.ContentMismatch, "The object has another SHA-256 than the import asks for: it was changed, or damaged on the way.", inner: e);
        }
    }

    /// <summary>Gives the upload up, with its empty data set.</summary>
    public async Task AbandonAsync(string upload, CancellationToken cancellation)
    {
        if (await index.FindAsync(upload, cancellation) is { State: UploadState.Open } open) await uploads.AbandonAsync(open, cancellation);
    }
}

/// <summary>Takes the bytes of a data set in their order.</summary>
internal sealed class ImportSink(ImportSinks sinks, UploadFlow uploads, UploadRecord upload, string? sha256, TransferProgress progress)
{
    /// <summary>So often it is noted how far it came.</summary>
    private const long BytesBetweenNotes = 64 << 20;

    private long _size, _noted;

    /// <summary>Takes a piece; its memory may be used again afterwards.</summary>
    /// <param name="piece">At most what an upload message may have.</param>
    /// <param name="rows">Rows that end in it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="RpcException">There is no room, or the upload was given up.</exception>
    /// <exception cref="TransferInterruptedException">This server's own database does not answer.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> piece, long rows, CancellationToken cancellation)
    {
        try
        {
            (_size, upload) = await uploads.AppendAsync(upload, _size, UnsafeByteOperations.UnsafeWrap(piece), crc32c: null, cancellation);
            progress.Add(rows, piece.Length);
            if (_size - _noted < BytesBetweenNotes) return;
            _noted = _size;
            await uploads.NoteAsync(upload, await uploads.FlushAsync(upload, cancellation));
        }
        catch (Exception e) when (TransferInterruptedException.IsOfOurs(e))
        {
            throw new TransferInterruptedException(e);
        }
    }

    /// <summary>All is there: has the data set read.</summary>
    /// <exception cref="TransferException">They are others than the import asks for.</exception>
    /// <exception cref="TransferInterruptedException">Another one writes the upload by now, or the cluster, or this server's own database, does not answer.</exception>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        try
        {
            await sinks.CompleteAsync(upload.Name, sha256, upload.Session, cancellation);
        }
        catch (Exception e) when (e is UploadNotFoundException || TransferInterruptedException.IsOfOurs(e))
        {
            throw new TransferInterruptedException(e);
        }
    }
}

using Google.Protobuf;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Services;
using SynthStudio.Api.Telemetry;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Uploads;

/// <summary>What happens to the bytes of an upload, however they arrive.</summary>
internal sealed class UploadFlow(
    UploadIndex index, UploadPieces pieces, IUploadStore store, IObjectStore objects, DatasetStore datasets, DatasetReader reader,
    ProjectQuotas quotas, ApiOptions options, TimeProvider time)
{
    /// <summary>An upload that declared no size claims room for the next so many bytes at once, before the first of them comes.</summary>
    private const long BytesOfClaim = 16 << 20;

    /// <summary>So many pieces of an upload can be sent by links.</summary>
    private const int MostPieces = 10_000;

    /// <summary>An upload that takes bytes.</summary>
    public async Task<UploadRecord> FindOpenAsync(string name, CancellationToken cancellation)
    {
        var upload = await FindAsync(name, cancellation);
        return upload.State == UploadState.Open ? upload : throw Ended(upload);
    }

    public async Task<UploadRecord> FindAsync(string name, CancellationToken cancellation) =>
        await index.FindAsync(name, cancellation) ?? throw ApiErrors.NotFound(name);

    /// <summary>Bytes that are safely stored.</summary>
    public async Task<long> CommittedSizeAsync(UploadRecord upload, CancellationToken cancellation)
    {
        if (upload.State != UploadState.Open) return upload.CommittedSize;
        try
        {
            return await store.GetCommittedSizeAsync(upload.Session, cancellation);
        }
        catch (UploadNotFoundException)
        {
            // Its bytes are an object already: a completion died before it was noted. Its repeat only says that the upload is finished.
            return (await datasets.FindAsync(upload.Dataset, cancellation))?.Object?.Size ?? upload.Size ?? upload.CommittedSize;
        }
    }

    /// <summary>A link to which a piece can be sent past this server.</summary>
    /// <exception cref="RpcException">
    /// FAILED_PRECONDITION: there is no bucket, or the upload takes no bytes. INVALID_ARGUMENT: the piece goes beyond the upload, or shares bytes with another.
    /// </exception>
    public async Task<PieceLink> LinkAsync(UploadRecord upload, long offset, int size, TimeSpan lifetime)
    {
        if (upload.State != UploadState.Open) throw Ended(upload);
        CheckEnd(upload, offset, size);
        if (offset > upload.Size - size) throw ApiErrors.InvalidField("size_bytes", $"goes beyond the {upload.Size} bytes that the upload was declared with.");
        var link = await store.CreateLinkAsync(upload.Session, offset, size, lifetime) ?? throw ApiErrors.NoLinks(upload.Name);
        if (upload.Size is null && offset + size > upload.ClaimedSize) await quotas.ClaimStorageAsync(upload, offset + size, ahead: 0, CancellationToken.None);
        return await pieces.NoteAsync(upload, offset, size, MostPieces, CancellationToken.None) switch // Nobody has the link before.
        {
            PieceOutcome.Noted => link,
            PieceOutcome.Overlaps => throw ApiErrors.InvalidField(
                "offset", "and size_bytes share bytes with another piece that has a link. Ask for that piece again, as it was cut, or for one beside it."),
            PieceOutcome.TooMany => throw ApiErrors.TooLarge(upload.Name, $"An upload may have at most {MostPieces} pieces with links: make them larger."),
            _ => throw Ended(upload),
        };
    }

    /// <summary>No sum of the two is formed before: it could be too large for the number.</summary>
    private void CheckEnd(UploadRecord upload, long offset, int size)
    {
        if (offset > options.MaxUploadBytes - size) throw ApiErrors.TooLarge(upload.Name, $"An upload may have at most {options.MaxUploadBytes} bytes.");
    }

    /// <summary>Makes the chunks that were taken safe, and answers the committed size.</summary>
    public async Task<long> FlushAsync(UploadRecord upload, CancellationToken cancellation)
    {
        try
        {
            return await store.FlushAsync(upload.Session, cancellation);
        }
        catch (UploadNotFoundException)
        {
            return await CommittedSizeAsync(upload, cancellation); // It ended meanwhile: there is nothing to flush.
        }
    }

    /// <summary>
    /// Takes a chunk after checking it, and answers the size with it, and the upload with what it claims: for the next
    /// chunk. Flush before it is acknowledged.
    /// </summary>
    /// <param name="upload">An open upload.</param>
    /// <param name="offset">Where the chunk starts.</param>
    /// <param name="data">The chunk.</param>
    /// <param name="crc32c">Its checksum; null does not check.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async ValueTask<(long Committed, UploadRecord Upload)> AppendAsync(
        UploadRecord upload, long offset, ByteString data, uint? crc32c, CancellationToken cancellation)
    {
        if (upload.State != UploadState.Open) throw Ended(upload);
        if (crc32c is { } expected && Checksums.Crc32C(data.Span) is var found && found != expected)
        {
            throw ApiErrors.DataLoss(
                ErrorReasons.ChunkCorrupt, upload.Name, $"The chunk at {offset} arrived with CRC32C {found:x8}, not {expected:x8}. Send it again.");
        }

        CheckEnd(upload, offset, data.Length);
        // Who declared a size has claimed it all.
        var end = offset + data.Length;
        try
        {
            if (upload.Size is null && end > upload.ClaimedSize)
            {
                // Claims are kept: one for bytes that cannot come, because others are missing before them, would be for nothing.
                if (await store.GetCommittedSizeAsync(upload.Session, cancellation) is var stored && stored != offset)
                    throw new UploadOffsetException(offset, stored);
                upload = await quotas.ClaimStorageAsync(upload, end, (end + BytesOfClaim - 1) / BytesOfClaim * BytesOfClaim, cancellation);
            }

            var committed = await store.AppendAsync(upload.Session, offset, data.Memory, cancellation);
            ApiTelemetry.Receive(data.Length);
            return (committed, upload);
        }
        catch (UploadOffsetException e)
        {
            throw ApiErrors.WrongOffset(upload.Name, offset, e.CommittedSize);
        }
        catch (UploadNotFoundException)
        {
            throw Ended(upload);
        }
    }

    /// <summary>Notes how far the upload came, and that it lives on.</summary>
    public Task NoteAsync(UploadRecord upload, long committedSize) =>
        index.AdvanceAsync(upload.Name, committedSize, time.Now() + options.UploadLifetime, CancellationToken.None);

    /// <summary>Verifies the whole, gives it to the data set and starts to read that. Repeating it changes nothing.</summary>
    /// <param name="name">The upload.</param>
    /// <param name="sha256">What the bytes must have; null does not check.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <param name="session">The session that the caller wrote to the end; null for who writes to whichever is there.</param>
    /// <param name="source">Where the bytes come from.</param>
    /// <exception cref="UploadNotFoundException">Somebody else began the upload anew: what it has now is not what the caller wrote.</exception>
    public async Task<DatasetRecord> CompleteAsync(
        string name, string? sha256, CancellationToken cancellation, string? session = null, ArrivalSource source = ArrivalSource.Upload)
    {
        var upload = await FindAsync(name, cancellation);
        if (session is not null && upload.Session != session) throw new UploadNotFoundException(session);
        if (upload.State == UploadState.Aborted) throw Ended(upload);
        if (upload.Dataset.Length == 0)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, upload.Name, $"{upload.Name} is of a package, not of a data set: have it imported (ImportGenerator).");
        var dataset = await datasets.FindAsync(upload.Dataset, cancellation) ?? throw ApiErrors.NotFound(upload.Dataset);
        if (dataset.Object is null)
        {
            if (upload.State != UploadState.Open) throw Ended(upload); // Its bytes were those of an earlier data set of the name, which is gone.

            // The upload stays as it is: it is completed when there is room.
            await quotas.ClaimStorageAsync(upload, await CommittedSizeAsync(upload, cancellation), ahead: 0, cancellation);
            dataset = await GiveAsync(upload, dataset, sha256, source, cancellation);
        }

        if (sha256 is not null && sha256 != dataset.Object!.Sha256)
            throw ApiErrors.DataLoss(ErrorReasons.ContentMismatch, upload.Name, $"The upload was completed with SHA-256 {dataset.Object.Sha256}.");

        // From here on the data set has the bytes, and nobody asks for the pieces again. Before it ends, so that an upload whose end died here is still
        // looked after: by the client's repeat, or when it expires.
        if (upload.State == UploadState.Open) await store.DiscardAsync(upload.Session, cancellation);
        await index.EndAsync(upload.Name, UploadState.Finished, dataset.Object!.Size, cancellation);
        await reader.EnsureSubmittedAsync(dataset, cancellation);
        return dataset;
    }

    /// <summary>The bytes of a package that was uploaded, as an object. The upload stays, and this may be repeated, until <see cref="EndPackageAsync"/>.</summary>
    public async Task<ObjectRef> FinishPackageAsync(UploadRecord upload, CancellationToken cancellation)
    {
        if (upload.State != UploadState.Open) throw Ended(upload);
        await quotas.ClaimStorageAsync(upload, await CommittedSizeAsync(upload, cancellation), ahead: 0, cancellation);
        return await FinishAsync(upload, sha256: null, cancellation);
    }

    /// <summary>Ends the upload of a package that was imported.</summary>
    public async Task EndPackageAsync(UploadRecord upload, ObjectRef content, CancellationToken cancellation)
    {
        await store.DiscardAsync(upload.Session, cancellation);
        await index.EndAsync(upload.Name, UploadState.Finished, content.Size, cancellation);
    }

    /// <summary>Begins an open upload anew, with nothing in it, for who writes it a second time; null when its bytes are an object already.</summary>
    public async Task<UploadRecord?> RestartAsync(UploadRecord upload, CancellationToken cancellation)
    {
        var session = await store.CreateAsync(upload.Size, cancellation);
        if (!await index.RestartAsync(upload.Name, session, time.Now() + options.UploadLifetime, cancellation))
        {
            await store.DiscardAsync(session, cancellation);
            return null;
        }

        await store.DiscardAsync(upload.Session, cancellation);
        return upload with { Session = session, CommittedSize = 0 };
    }

    /// <summary>Forgets an upload that is not complete, with its bytes and its empty data set.</summary>
    public async Task AbandonAsync(UploadRecord upload, CancellationToken cancellation)
    {
        if (upload.State == UploadState.Finished) throw Ended(upload);
        await store.DiscardAsync(upload.Session, cancellation);
        if (await datasets.FindAsync(upload.Dataset, cancellation) is { State: DatasetState.Empty } empty)
            await datasets.DeleteAsync(empty.Name, empty.Version, cancellation);
        await index.EndAsync(upload.Name, UploadState.Aborted, 0, cancellation); // Last: what is open is looked after until all is done.
    }

    /// <summary>Gives the bytes to the data set, unless another call, here or elsewhere, is first.</summary>
    private async Task<DatasetRecord> GiveAsync(
        UploadRecord upload, DatasetRecord dataset, string? sha256, ArrivalSource source, CancellationToken cancellation)
    {
        try
        {
            return await reader.BeginAsync(dataset with { Object = await FinishAsync(upload, sha256, cancellation) }, source, cancellation);
        }
        catch (Exception e) when (e is UploadNotFoundException or VersionConflictException)
        {
            if (await datasets.FindAsync(upload.Dataset, cancellation) is { Object: not null } given) return given;

            // The other call has made the bytes an object, and its data set does not know yet.
            if (upload.Sha256.Length == 0 && await index.FindAsync(upload.Name, cancellation) is { Sha256.Length: > 0 } noted)
                return await GiveAsync(noted, dataset, sha256, source, cancellation);
            throw;
        }
    }

    /// <summary>Throws bytes away that no open upload names: what made them died before it was noted.</summary>
    /// <param name="before">Sessions that began later stay: their uploads may not be noted yet.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task RemoveStraysAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var sessions = await store.ListSessionsAsync(before, cancellation);
        if (sessions.Count == 0) return;
        var open = await index.ListOpenSessionsAsync(cancellation);
        foreach (var stray in sessions.Where(s => !open.Contains(s))) await store.DiscardAsync(stray, cancellation);
    }

    private async Task<ObjectRef> FinishAsync(UploadRecord upload, string? sha256, CancellationToken cancellation)
    {
        var mediaType = MediaTypes.Of(upload.FileName);
        try
        {
            var found = await store.GetSha256Async(upload.Session, cancellation);
            if (!await index.NoteObjectAsync(upload, found, await objects.OfProject(upload.Project).KeyOfAsync(found, cancellation), cancellation))
                throw new UploadNotFoundException(upload.Session); // It ended, or was begun anew, meanwhile.
            return await store.FinishAsync(upload.Session, mediaType, sha256, upload.Project, cancellation);
        }
        catch (UploadNotFoundException) when (upload.Sha256.Length > 0)
        {
            // A completion that died after the bytes became an object, before the data set knew.
            if (sha256 is not null && sha256 != upload.Sha256)
                throw ApiErrors.DataLoss(ErrorReasons.ContentMismatch, upload.Name, $"The upload was completed with SHA-256 {upload.Sha256}.");
            var content = await FindContentAsync(upload, mediaType, cancellation) ?? throw Ended(upload);
            return content with { Size = await SizeAsync(content, cancellation) };
        }
    }

    /// <summary>
    /// The object that an upload's bytes became, under the key that was noted, or the one it has since its project
    /// was given another key in between.
    /// </summary>
    private async Task<ObjectRef?> FindContentAsync(UploadRecord upload, string mediaType, CancellationToken cancellation)
    {
        var noted = new ObjectRef(upload.ObjectKey, upload.Sha256, 0, mediaType);
        if (noted.Key.Length > 0 && await objects.ExistsAsync(noted, cancellation)) return noted;
        var present = noted with { Key = await objects.OfProject(upload.Project).KeyOfAsync(upload.Sha256, cancellation) };
        return await objects.ExistsAsync(present, cancellation) ? present : null;
    }

    /// <summary>Read to its end: the stream of a bucket does not know its length.</summary>
    private async Task<long> SizeAsync(ObjectRef content, CancellationToken cancellation)
    {
        await using var stream = await objects.OpenReadAsync(content, verify: false, cancellation);
        var (piece, size) = (new byte[1 << 16], 0L);
        while (await stream.ReadAsync(piece, cancellation) is > 0 and var read) size += read;
        return size;
    }

    private static RpcException Ended(UploadRecord upload) => ApiErrors.Precondition(
        ErrorReasons.StateForbids, upload.Name,
        upload.State == UploadState.Finished ? $"{upload.Name} is complete." : $"{upload.Name} takes no bytes (any more). Start a new upload.");
}

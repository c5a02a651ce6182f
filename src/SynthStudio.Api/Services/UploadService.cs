using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

internal sealed class UploadService(
    UploadFlow flow, UploadIndex index, IUploadStore store, DatasetStore datasets, SchemaFiles schemas, PageTokens pages, ProjectQuotas quotas,
    ApiOptions options, TimeProvider time)
    : V1.UploadService.UploadServiceBase
{
    private const int LongestFileName = 255;
    private const int LargestPiece = 64 << 20;
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);

    public override async Task<V1.Upload> CreateUpload(V1.CreateUploadRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Upload, "upload");
        CheckFileName(wanted.FileName);
        if (wanted.SizeBytes < 0) throw ApiErrors.InvalidField("upload.size_bytes", "must not be negative.");
        if (wanted.SizeBytes > options.MaxUploadBytes)
            throw ApiErrors.TooLarge("upload", $"An upload may have at most {options.MaxUploadBytes} bytes.");
        await quotas.CheckStorageAsync(request.Parent, wanted.SizeBytes, context.CancellationToken);

        await schemas.CheckAsync(wanted.SchemaJson, "upload.schema_json", context.CancellationToken);

        var id = ResourceIds.Choose(context, "upload_id", request.UploadId, request.RequestId);
        var name = $"{request.Parent}/uploads/{id}";
        if (IsPackage(wanted)) return await CreateForPackageAsync(request, name, context);
        var dataset = await NewDatasetAsync(request, id, context);
        if (request.ValidateOnly)
        {
            await Check.IsFreeAsync(name, index.FindAsync, context.CancellationToken);
            await Check.IsFreeAsync(dataset.Name, datasets.FindAnyAsync, context.CancellationToken);
            return NewUpload(wanted, name, dataset.Name, context, session: "").ToProto(dataset, 0);
        }

        // Who deleted a table for good does not get it back by its name, nor without its marks.
        if (await index.FindAsync(name, context.CancellationToken) is { State: not UploadState.Open }
            && await datasets.FindAnyAsync(dataset.Name, context.CancellationToken) is null)
            throw ApiErrors.AlreadyExists(name);

        dataset = await datasets.CreateOrTakeUpAsync(
            request.RequestId, dataset,
            left => left.State == DatasetState.Empty && left.Creator == dataset.Creator && left.FileName == dataset.FileName
                && left.Withheld == dataset.Withheld && left.PreviousVersion == dataset.PreviousVersion,
            context.CancellationToken);
        var upload = await FindOrCreateAsync(wanted, name, dataset.Name, context);
        return upload.ToProto(dataset, await flow.CommittedSizeAsync(upload, context.CancellationToken));
    }

    public override async Task<V1.ListUploadsResponse> ListUploads(V1.ListUploadsRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken,
            page => index.ListAsync(request.Parent, page, context.CancellationToken));
        var filled = await datasets.FindManyAsync([.. items.Select(upload => upload.Dataset)], context.CancellationToken);
        return new V1.ListUploadsResponse
        {
            Uploads = { items.Select(upload => upload.ToProto(filled.GetValueOrDefault(upload.Dataset), upload.CommittedSize)) },
            NextPageToken = next,
        };
    }

    public override async Task<V1.Upload> GetUpload(V1.GetUploadRequest request, ServerCallContext context) =>
        await MapAsync(await flow.FindAsync(request.Name, context.CancellationToken), context);

    public override async Task<V1.WriteUploadResponse> WriteUpload(IAsyncStreamReader<V1.WriteUploadRequest> requestStream, ServerCallContext context)
    {
        UploadRecord? upload = null;
        DatasetRecord? dataset = null;
        var committed = 0L;
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                var chunk = requestStream.Current;
                if (upload is null)
                {
                    upload = await flow.FindAsync(chunk.Name, context.CancellationToken);
                    committed = await flow.CommittedSizeAsync(upload, context.CancellationToken);
                }
                else if (chunk.Name.Length > 0 && chunk.Name != upload.Name)
                {
                    throw ApiErrors.InvalidField("name", $"must stay {upload.Name} in one stream.");
                }

                if (dataset is not null) throw ApiErrors.InvalidField("finish", "must be in the last message.");
                if (chunk.Data.Length > 0)
                    (committed, upload) = await flow.AppendAsync(
                        upload, chunk.Offset, chunk.Data, chunk.HasCrc32C ? chunk.Crc32C : null, context.CancellationToken);
                if (chunk.Finish) dataset = await CompleteAsync(upload, chunk.Sha256, context);
            }
        }
        finally
        {
            // Also when the client left in the middle: what is committed stays, and the upload lives on.
            if (upload is { State: UploadState.Open } && dataset is null)
            {
                committed = await flow.FlushAsync(upload, CancellationToken.None);
                await flow.NoteAsync(upload, committed);
            }
        }

        return upload is null
            ? throw ApiErrors.InvalidField("name", "is required in the first message.")
            : new V1.WriteUploadResponse { CommittedSize = committed, Dataset = dataset?.ToProto() };
    }

    public override async Task<V1.Upload> UploadChunk(V1.UploadChunkRequest request, ServerCallContext context)
    {
        var body = Check.Present(request.Body, "body");
        if (body.Data.Length > ApiLimits.ChunkBytes) throw ApiErrors.TooLarge("body", $"A chunk may have at most {ApiLimits.ChunkBytes} bytes.");
        var upload = await flow.FindOpenAsync(request.Name, context.CancellationToken);
        (_, upload) = await flow.AppendAsync(
            upload, request.Offset, body.Data, request.HasCrc32C ? request.Crc32C : null, context.CancellationToken);
        var committed = await flow.FlushAsync(upload, context.CancellationToken);
        await flow.NoteAsync(upload, committed);
        return upload.ToProto(await datasets.FindAsync(upload.Dataset, context.CancellationToken), committed);
    }

    public override async Task<V1.CreateUploadLinkResponse> CreateUploadLink(V1.CreateUploadLinkRequest request, ServerCallContext context)
    {
        if (request.Offset < 0) throw ApiErrors.InvalidField("offset", "must not be negative.");
        if (request.SizeBytes is < 1 or > LargestPiece) throw ApiErrors.InvalidField("size_bytes", $"must be 1 to {LargestPiece}.");
        var upload = await flow.FindOpenAsync(request.Name, context.CancellationToken);
        var link = await flow.LinkAsync(upload, request.Offset, request.SizeBytes, LinkLifetime);
        return new V1.CreateUploadLinkResponse
        {
            Url = link.Url.AbsoluteUri,
            Headers = { link.Headers.ToDictionary() },
            ExpireTime = (time.Now() + LinkLifetime).ToProto(),
        };
    }

    public override async Task<V1.Dataset> CompleteUpload(V1.CompleteUploadRequest request, ServerCallContext context) =>
        (await CompleteAsync(await flow.FindAsync(request.Name, context.CancellationToken), request.Sha256, context)).ToProto();

    public override async Task<Empty> DeleteUpload(V1.DeleteUploadRequest request, ServerCallContext context)
    {
        await flow.AbandonAsync(await flow.FindAsync(request.Name, context.CancellationToken), context.CancellationToken);
        return new Empty();
    }

    /// <summary>Completing submits the job that reads the table. The upload stays as it is where that is refused.</summary>
    private async Task<DatasetRecord> CompleteAsync(UploadRecord upload, string sha256, ServerCallContext context)
    {
        var expected = Check.Sha256(sha256, "sha256");
        if (upload.State == UploadState.Open) await quotas.CheckQueueAsync(upload.Project, context.CancellationToken); // A repeat is not refused.
        return await flow.CompleteAsync(upload.Name, expected, context.CancellationToken);
    }

    private async Task<V1.Upload> CreateForPackageAsync(V1.CreateUploadRequest request, string name, ServerCallContext context)
    {
        var upload = await index.FindAsync(name, context.CancellationToken);
        if (request.ValidateOnly)
            return upload is null ? NewUpload(request.Upload, name, "", context, session: "").ToProto(dataset: null, 0) : throw ApiErrors.AlreadyExists(name);
        if (upload is not null && (request.RequestId.Length == 0 || upload.Dataset.Length > 0 || upload.Creator != Caller.Of(context).User))
            throw ApiErrors.AlreadyExists(name);
        upload = await FindOrCreateAsync(request.Upload, name, "", context);
        return upload.ToProto(dataset: null, await flow.CommittedSizeAsync(upload, context.CancellationToken));
    }

    /// <summary>Whether the file is to be a generator's package.</summary>
    private static bool IsPackage(V1.Upload wanted)
    {
        if (!System.Enum.IsDefined(wanted.Purpose)) throw ApiErrors.InvalidField("upload.purpose", "must be a data set or a generator's package.");
        if (wanted.Purpose != V1.UploadPurpose.GeneratorPackage) return false;
        foreach (var (field, isSet) in new[]
                 {
                     ("display_name", wanted.DisplayName.Length > 0), ("schema_json", wanted.SchemaJson.Length > 0), ("withheld", wanted.Withheld),
                     ("previous_version", wanted.PreviousVersion.Length > 0),
                 })
        {
            if (isSet) throw ApiErrors.InvalidField($"upload.{field}", "must be empty: a generator's package is no data set.");
        }

        return true;
    }

    private async Task<DatasetRecord> NewDatasetAsync(V1.CreateUploadRequest request, string id, ServerCallContext context)
    {
        var wanted = request.Upload;
        var previous = wanted.PreviousVersion.Length == 0 ? null : await datasets.FindAsync(
            Check.Reference(wanted.PreviousVersion, ResourcePattern.Dataset, request.Parent, "upload.previous_version"), context.CancellationToken)
            ?? throw ApiErrors.NotFound(wanted.PreviousVersion);
        var now = time.Now();
        return new DatasetRecord
        {
            Name = $"{request.Parent}/datasets/{id}",
            Project = request.Parent,
            DisplayName = Check.DisplayName(wanted.DisplayName.Length > 0 ? wanted.DisplayName : wanted.FileName, "upload.display_name"),
            State = DatasetState.Empty,
            FileName = wanted.FileName,
            SchemaJson = wanted.SchemaJson,
            Withheld = wanted.Withheld,
            PreviousVersion = previous?.Name ?? "",
            Line = previous is null ? "" : previous.Line.Length > 0 ? previous.Line : previous.Name,
            Sensitivity = previous?.Sensitivity ?? new Dictionary<string, string?>(), // What its owner said of the columns holds until it says otherwise.
            Creator = Caller.Of(context).User,
            CreateTime = now,
            UpdateTime = now,
        };
    }

    private UploadRecord NewUpload(V1.Upload wanted, string name, string dataset, ServerCallContext context, string session)
    {
        var now = time.Now();
        return new UploadRecord
        {
            Name = name,
            Project = ResourceName.Root(name),
            Dataset = dataset,
            Session = session,
            FileName = wanted.FileName,
            Size = DeclaredSize(wanted),
            State = UploadState.Open,
            Creator = Caller.Of(context).User,
            CreateTime = now,
            ExpireTime = now + options.UploadLifetime,
        };
    }

    /// <summary>The upload, with a claim on the bytes that it declares. One that finds no room is as if it had never been asked for.</summary>
    private async Task<UploadRecord> FindOrCreateAsync(V1.Upload wanted, string name, string dataset, ServerCallContext context)
    {
        var upload = await index.FindAsync(name, context.CancellationToken);
        try
        {
            upload ??= await CreateAsync(wanted, name, dataset, context);
            return upload.State != UploadState.Open || upload.ClaimedSize >= wanted.SizeBytes
                ? upload
                : await quotas.ClaimStorageAsync(upload, wanted.SizeBytes, ahead: 0, context.CancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
        {
            if (upload is not null)
            {
                if (!await index.RemoveAsync(upload, CancellationToken.None)) throw;
                await store.DiscardAsync(upload.Session, CancellationToken.None);
            }

            if (await datasets.FindAsync(dataset, CancellationToken.None) is { State: DatasetState.Empty } empty)
                await datasets.DeleteAsync(empty.Name, empty.Version, CancellationToken.None);
            throw;
        }
    }

    private async Task<UploadRecord> CreateAsync(V1.Upload wanted, string name, string dataset, ServerCallContext context)
    {
        // What dies in between leaves a session that housekeeping finds.
        var upload = NewUpload(wanted, name, dataset, context, await store.CreateAsync(DeclaredSize(wanted), context.CancellationToken));
        if (await index.TryCreateAsync(upload, options.MaxOpenUploads, context.CancellationToken)) return upload;
        await store.DiscardAsync(upload.Session, CancellationToken.None);
        throw ApiErrors.QuotaExceeded(
            upload.Project, "open_uploads", left: 0,
            $"{upload.Project} has {options.MaxOpenUploads} uploads open, as many as a project may have. Complete or delete one, or ask the operator for more (SynthStudio:Api:MaxOpenUploads).");
    }

    private static long? DeclaredSize(V1.Upload wanted) => wanted.SizeBytes == 0 ? null : wanted.SizeBytes;

    private async Task<V1.Upload> MapAsync(UploadRecord upload, ServerCallContext context) => upload.ToProto(
        await datasets.FindAsync(upload.Dataset, context.CancellationToken),
        await flow.CommittedSizeAsync(upload, context.CancellationToken));

    private static void CheckFileName(string name)
    {
        if (name.Length is 0 or > LongestFileName || name is "." or ".." || name.Any(c => c is '/' or '\\' || ErrorText.IsHarmful(c)))
            throw ApiErrors.InvalidField("upload.file_name", $"must be a plain file name of 1 to {LongestFileName} characters, without folders.");
    }
}

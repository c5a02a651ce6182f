using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

internal sealed class UploadService(
    UploadFlow flow, UploadIndex index, IUploadStore store, DatasetStore datasets, ApiOptions options, TimeProvider time)
    : V1.UploadService.UploadServiceBase
{
    private const int LongestFileName = 255;

    public override async Task<V1.Upload> CreateUpload(V1.CreateUploadRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Upload, "upload");
        CheckFileName(wanted.FileName);
        if (wanted.SizeBytes < 0) throw ApiErrors.InvalidField("upload.size_bytes", "must not be negative.");
        if (wanted.SizeBytes > options.MaxUploadBytes)
            throw ApiErrors.TooLarge("upload", $"An upload may have at most {options.MaxUploadBytes} bytes.");

        var id = ResourceIds.Choose(context, "upload_id", request.UploadId, request.RequestId);
        var dataset = await CreateDatasetAsync(request, id, context);
        var name = $"{request.Parent}/uploads/{id}";
        var upload = await index.FindAsync(name, context.CancellationToken) ?? await CreateAsync(wanted, name, dataset, context);
        return upload.ToProto(dataset, await flow.CommittedSizeAsync(upload, context.CancellationToken));
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
                    committed = await flow.AppendAsync(upload, chunk.Offset, chunk.Data, chunk.HasCrc32C ? chunk.Crc32C : null, context.CancellationToken);
                if (chunk.Finish) dataset = await flow.CompleteAsync(upload.Name, Check.Sha256(chunk.Sha256, "sha256"), context.CancellationToken);
            }
        }
        finally
        {
            // Also when the client left in the middle: what is committed stays, and the upload lives on.
            if (upload is not null && dataset is null) await flow.NoteAsync(upload, committed);
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
        var committed = await flow.AppendAsync(
            upload, request.Offset, body.Data, request.HasCrc32C ? request.Crc32C : null, context.CancellationToken);
        await flow.NoteAsync(upload, committed);
        return upload.ToProto(await datasets.FindAsync(upload.Dataset, context.CancellationToken), committed);
    }

    public override async Task<V1.Dataset> CompleteUpload(V1.CompleteUploadRequest request, ServerCallContext context) =>
        (await flow.CompleteAsync(request.Name, Check.Sha256(request.Sha256, "sha256"), context.CancellationToken)).ToProto();

    public override async Task<Empty> DeleteUpload(V1.DeleteUploadRequest request, ServerCallContext context)
    {
        await flow.AbandonAsync(await flow.FindAsync(request.Name, context.CancellationToken), context.CancellationToken);
        return new Empty();
    }

    private async Task<DatasetRecord> CreateDatasetAsync(V1.CreateUploadRequest request, string id, ServerCallContext context)
    {
        var wanted = request.Upload;
        var now = time.Now();
        var dataset = new DatasetRecord
        {
            Name = $"{request.Parent}/datasets/{id}",
            Project = request.Parent,
            DisplayName = Check.DisplayName(wanted.DisplayName.Length > 0 ? wanted.DisplayName : wanted.FileName, "upload.display_name"),
            State = DatasetState.Empty,
            FileName = wanted.FileName,
            SchemaJson = Check.SchemaJson(wanted.SchemaJson, "upload.schema_json"),
            Creator = Caller.Of(context).User,
            CreateTime = now,
            UpdateTime = now,
        };
        try
        {
            await datasets.CreateAsync(dataset, context.CancellationToken);
            return dataset;
        }
        catch (AlreadyExistsException) when (request.RequestId.Length > 0)
        {
            var existing = await datasets.FindAsync(dataset.Name, context.CancellationToken);
            if (existing is not { State: DatasetState.Empty } || existing.Creator != dataset.Creator || existing.FileName != dataset.FileName) throw;
            return existing; // Left by a call with this request id that died.
        }
    }

    private async Task<UploadRecord> CreateAsync(V1.Upload wanted, string name, DatasetRecord dataset, ServerCallContext context)
    {
        var now = time.Now();
        long? size = wanted.SizeBytes == 0 ? null : wanted.SizeBytes;
        var upload = new UploadRecord
        {
            Name = name,
            Project = dataset.Project,
            Dataset = dataset.Name,
            Session = await store.CreateAsync(size, context.CancellationToken),
            FileName = wanted.FileName,
            Size = size,
            State = UploadState.Open,
            Creator = dataset.Creator,
            CreateTime = now,
            ExpireTime = now + options.UploadLifetime,
        };
        await index.CreateAsync(upload, context.CancellationToken);
        return upload;
    }

    private async Task<V1.Upload> MapAsync(UploadRecord upload, ServerCallContext context) => upload.ToProto(
        await datasets.FindAsync(upload.Dataset, context.CancellationToken),
        await flow.CommittedSizeAsync(upload, context.CancellationToken));

    private static void CheckFileName(string name)
    {
        if (name.Length is 0 or > LongestFileName || name is "." or ".." || name.Any(c => c is '/' or '\\' || char.IsControl(c)))
            throw ApiErrors.InvalidField("upload.file_name", $"must be a plain file name of 1 to {LongestFileName} characters, without folders.");
    }
}

using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Sends files to the server, with a checksum for every chunk and one for the whole.</summary>
internal sealed class FileUploader(SynthClient client, IProgressView view)
{
    private const int ChunkBytes = 512 * 1024;

    /// <summary>Share of a step that is upload; the rest is the server's reading.</summary>
    public const double ShareOfStep = .3;

    /// <summary>Uploads a table as a data set; its profiling job has begun when this returns.</summary>
    /// <param name="file">The table.</param>
    /// <param name="schemaJson">Its schema file; null lets the server infer it.</param>
    /// <param name="step">The step whose beginning the upload is.</param>
    /// <param name="cancellation">Breaks the upload off.</param>
    /// <param name="withheld">Nothing of the table is to be told: it is only to be learned under differential privacy.</param>
    /// <param name="previousVersion">The data set that this is the next version of; empty for a table of its own.</param>
    public async Task<Dataset> UploadDatasetAsync(
        FileInfo file, string? schemaJson, string step, CancellationToken cancellation, bool withheld = false, string previousVersion = "")
    {
        var upload = await CreateAsync(file, schemaJson, withheld, previousVersion, cancellation);
        return await WriteAsync(upload, file, step, finish: true, cancellation);
    }

    /// <summary>Sends what is left of a table whose upload broke off; its profiling job has begun when this returns.</summary>
    /// <param name="upload">The upload, as it is stored now.</param>
    /// <param name="file">The file that it was begun with; another one is refused by its checksum when all of it was sent.</param>
    /// <param name="step">The step whose beginning the upload is.</param>
    /// <param name="cancellation">Breaks the upload off.</param>
    public Task<Dataset> ResumeDatasetAsync(Upload upload, FileInfo file, string step, CancellationToken cancellation) =>
        WriteAsync(upload, file, step, finish: true, cancellation);

    /// <summary>Uploads a generator's package, to be imported.</summary>
    public async Task<Upload> UploadPackageAsync(FileInfo file, string step, CancellationToken cancellation)
    {
        var upload = await client.Uploads.CreateUploadAsync(
            new CreateUploadRequest
            {
                Parent = client.Project,
                RequestId = Guid.NewGuid().ToString(),
                Upload = new Upload { FileName = file.Name, SizeBytes = file.Length, Purpose = UploadPurpose.GeneratorPackage },
            },
            cancellationToken: cancellation);
        await WriteAsync(upload, file, step, finish: false, cancellation);
        return upload;
    }

    private Task<Upload> CreateAsync(
        FileInfo file, string? schemaJson, bool withheld, string previousVersion, CancellationToken cancellation) =>
        client.Uploads.CreateUploadAsync(
            new CreateUploadRequest
            {
                Parent = client.Project,
                RequestId = Guid.NewGuid().ToString(),
                Upload = new Upload
                {
                    FileName = file.Name, SizeBytes = file.Length, SchemaJson = schemaJson ?? "",
                    Withheld = withheld, PreviousVersion = previousVersion,
                },
            },
            cancellationToken: cancellation).ResponseAsync;

    private async Task<Dataset> WriteAsync(Upload upload, FileInfo file, string step, bool finish, CancellationToken cancellation)
    {
        using var call = client.Uploads.WriteUpload(cancellationToken: cancellation);
        try
        {
            await SendAsync(call.RequestStream, upload, file, step, finish, cancellation);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The server refused before all was sent: its answer says why, which a write to the closed stream does not.
        }

        return (await call).Dataset;
    }

    private async Task SendAsync(
        IClientStreamWriter<WriteUploadRequest> stream, Upload upload, FileInfo file, string step, bool finish, CancellationToken cancellation)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var source = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        var offset = await HashStoredAsync(source, sha256, upload.CommittedSize, cancellation);
        while (true)
        {
            // Each message owns its bytes: gRPC may still hold them when the next chunk is read.
            var chunk = new byte[Math.Min(ChunkBytes, Math.Max(0, file.Length - offset))];
            var length = await source.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellation);
            var data = chunk.AsMemory(0, length);
            sha256.AppendData(data.Span);
            var isLast = offset + length >= file.Length || length < chunk.Length;
            await stream.WriteAsync(
                new WriteUploadRequest
                {
                    Name = upload.Name,
                    Offset = offset,
                    Data = UnsafeByteOperations.UnsafeWrap(data),
                    Crc32C = Crc32C.Of(data.Span),
                    Finish = isLast && finish,
                    Sha256 = isLast && finish ? Convert.ToHexStringLower(sha256.GetCurrentHash()) : "",
                },
                cancellation);
            offset += length;
            if (isLast)
            {
                break;
            }

            view.Show(new StepProgress(step, ShareOfStep * offset / file.Length, Detail: $"upload of {Bytes.Short(file.Length)}"));
        }

        await stream.CompleteAsync();
    }

    /// <summary>Reads past the bytes that the server has, for the checksum of the whole. Answers how many they are.</summary>
    private static async Task<long> HashStoredAsync(FileStream source, IncrementalHash sha256, long stored, CancellationToken cancellation)
    {
        var buffer = new byte[ChunkBytes];
        for (var left = stored; left > 0;)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(left, buffer.Length));
            await source.ReadExactlyAsync(piece, cancellation);
            sha256.AppendData(piece.Span);
            left -= piece.Length;
        }

        return stored;
    }
}

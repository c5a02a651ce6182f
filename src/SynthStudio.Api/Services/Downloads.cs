using Google.Api;
using Google.Protobuf;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Formats;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Telemetry;
using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

/// <summary>Sends stored objects in chunks.</summary>
internal sealed class Downloads(IObjectStore objects, StreamAccess access, TimeProvider time)
{
    /// <summary>How long links work: they ask nobody whether their user still may.</summary>
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(10);

    /// <summary>A link to an object.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: objects are not in a bucket.</exception>
    public async Task<V1.DownloadLink> LinkAsync(ObjectRef part, string fileName, string subject) => new()
    {
        Url = (await objects.CreateLinkAsync(part, fileName, LinkLifetime) ?? throw ApiErrors.NoLinks(subject)).AbsoluteUri,
        ExpireTime = (time.Now() + LinkLifetime).ToProto(),
        SizeBytes = part.Size,
        Sha256 = part.Sha256,
    };

    /// <summary>Sends objects one after the other as one file: in messages over gRPC, as the plain file with a name over HTTP.</summary>
    /// <param name="parts">The objects.</param>
    /// <param name="mediaType">The file's.</param>
    /// <param name="fileName">What it is called over HTTP.</param>
    /// <param name="request">Asked again now and then whether its caller still may.</param>
    /// <param name="stream">To the caller.</param>
    /// <param name="context">The call.</param>
    /// <param name="edit">Changes the bytes on the way; null sends them as they are.</param>
    /// <param name="demand">Asked before the first byte, and then as often, whether what is sent may be; null where
    /// its caller's role is enough.</param>
    public Task SendAsync(
        IReadOnlyList<ObjectRef> parts, string mediaType, string fileName, IMessage request, IServerStreamWriter<HttpBody> stream,
        ServerCallContext context, IDownloadEdit? edit = null, Func<Task>? demand = null) =>
        SendAsync(
            (send, cancellation) => ForEachChunkAsync(parts, edit, send, cancellation),
            edit is null or { AddedBytes: not null } ? parts.Sum(part => part.Size) + (edit?.AddedBytes ?? 0) : null,
            mediaType, fileName, request, stream, context, demand);

    /// <summary>Sends a file that is made while it is sent.</summary>
    /// <param name="write">Writes the file.</param>
    /// <param name="mediaType">The file's.</param>
    /// <param name="fileName">What it is called over HTTP.</param>
    /// <param name="request">Asked again now and then whether its caller still may.</param>
    /// <param name="stream">To the caller.</param>
    /// <param name="context">The call.</param>
    /// <param name="demand">Asked before the first byte, and then as often, whether what is sent may be; null where
    /// its caller's role is enough.</param>
    public Task SendAsync(
        Func<Stream, CancellationToken, Task> write, string mediaType, string fileName, IMessage request,
        IServerStreamWriter<HttpBody> stream, ServerCallContext context, Func<Task>? demand = null) =>
        SendAsync(
            (send, cancellation) => RowFiles.PipeAsync(
                write, (made, stop) => ForEachChunkAsync(made, new byte[ApiLimits.DownloadBytes], send, stop), cancellation),
            length: null, mediaType, fileName, request, stream, context, demand);

    private async Task SendAsync(
        Chunks chunks, long? length, string mediaType, string fileName, IMessage request, IServerStreamWriter<HttpBody> stream,
        ServerCallContext context, Func<Task>? demand)
    {
        var grant = demand is null ? access.Of(request, context) : access.Of(request, context, demand);
        await grant.CheckAsync(); // Before headers of a file that then does not come.
        var http = context.GetHttpContext();
        if (!IsGrpc(http))
        {
            await SendFileAsync(chunks, length, mediaType, fileName, grant, http);
            return;
        }

        var message = new HttpBody { ContentType = mediaType };
        await chunks(async chunk =>
        {
            await grant.CheckAsync();
            message.Data = UnsafeByteOperations.UnsafeWrap(chunk);
            await stream.WriteAsync(message, context.CancellationToken);
            ApiTelemetry.Send(chunk.Length);
        }, context.CancellationToken);
    }

    /// <summary>Transcoding would put a line break after each message of a stream: a file is written past it.</summary>
    private static async Task SendFileAsync(Chunks chunks, long? length, string mediaType, string fileName, StreamAccess.Grant grant, HttpContext http)
    {
        http.Response.ContentType = mediaType;
        http.Response.ContentLength = length;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        try
        {
            await chunks(async chunk =>
            {
                await grant.CheckAsync();
                await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
                ApiTelemetry.Send(chunk.Length);
            }, http.RequestAborted);
        }
        catch (Exception) when (http.Response.HasStarted)
        {
            http.Abort(); // An error in the middle of a file would be read as its content.
            throw;
        }
    }

    private async Task ForEachChunkAsync(
        IReadOnlyList<ObjectRef> parts, IDownloadEdit? edit, Func<ReadOnlyMemory<byte>, Task> send, CancellationToken cancellation)
    {
        foreach (var part in parts) await ForEachChunkAsync(part, chunk => SendAsync(edit?.Next(chunk.Span) ?? chunk), cancellation);
        if (edit is not null) await SendAsync(edit.End());

        Task SendAsync(ReadOnlyMemory<byte> chunk) => chunk.IsEmpty ? Task.CompletedTask : send(chunk);
    }

    /// <summary>Reads an object in chunks and checks it on the way. A chunk is good until the next is asked for.</summary>
    public async Task ForEachChunkAsync(ObjectRef part, Func<ReadOnlyMemory<byte>, Task> send, CancellationToken cancellation)
    {
        await using var content = await objects.OpenReadAsync(part, verify: true, cancellation);
        await ForEachChunkAsync(content, new byte[Math.Min(ApiLimits.DownloadBytes, Math.Max(part.Size, 1))], send, cancellation);
    }

    private static async Task ForEachChunkAsync(Stream content, byte[] buffer, Func<ReadOnlyMemory<byte>, Task> send, CancellationToken cancellation)
    {
        while (await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is > 0 and var read)
            await send(buffer.AsMemory(0, read));
    }

    /// <summary>Gives the chunks of a file, one after the other; each is good until it was sent.</summary>
    private delegate Task Chunks(Func<ReadOnlyMemory<byte>, Task> send, CancellationToken cancellation);

    private static bool IsGrpc(HttpContext http) => http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
}

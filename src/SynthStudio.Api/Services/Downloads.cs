using Google.Api;
using Google.Protobuf;
using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

/// <summary>Sends stored objects in chunks.</summary>
internal sealed class Downloads(IObjectStore objects)
{
    /// <summary>Sends objects one after the other as one file: in messages over gRPC, as the plain file with a name over HTTP.</summary>
    public async Task SendAsync(
        IReadOnlyList<ObjectRef> parts, string mediaType, string fileName, IServerStreamWriter<HttpBody> stream, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (IsGrpc(http))
        {
            var message = new HttpBody { ContentType = mediaType };
            foreach (var part in parts)
            {
                await ForEachChunkAsync(part, async chunk =>
                {
                    message.Data = UnsafeByteOperations.UnsafeWrap(chunk);
                    await stream.WriteAsync(message, context.CancellationToken);
                }, context.CancellationToken);
            }

            return;
        }

        // Transcoding would put a line break after each message of a stream: a file is written past it.
        http.Response.ContentType = mediaType;
        http.Response.ContentLength = parts.Sum(part => part.Size);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        foreach (var part in parts)
        {
            await ForEachChunkAsync(
                part, async chunk => await http.Response.Body.WriteAsync(chunk, context.CancellationToken), context.CancellationToken);
        }
    }

    /// <summary>Reads an object in chunks and checks it on the way. A chunk is good until the next is asked for.</summary>
    public async Task ForEachChunkAsync(ObjectRef part, Func<ReadOnlyMemory<byte>, Task> send, CancellationToken cancellation)
    {
        await using var content = await objects.OpenReadAsync(part, verify: true, cancellation);
        var buffer = new byte[Math.Min(ApiLimits.DownloadBytes, Math.Max(part.Size, 1))];
        while (await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is > 0 and var read)
            await send(buffer.AsMemory(0, read));
    }

    private static bool IsGrpc(HttpContext http) => http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
}

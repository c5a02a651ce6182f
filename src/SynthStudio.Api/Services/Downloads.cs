using Google.Api;
using Google.Protobuf;
using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

/// <summary>Sends stored objects in chunks.</summary>
internal sealed class Downloads(IObjectStore objects)
{
    /// <summary>Sends objects one after the other as one file. Over HTTP it is saved under the given name.</summary>
    public async Task SendAsync(
        IReadOnlyList<ObjectRef> parts, string mediaType, string fileName, IServerStreamWriter<HttpBody> stream, ServerCallContext context)
    {
        var response = context.GetHttpContext().Response;
        if (!response.HasStarted) response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        var message = new HttpBody { ContentType = mediaType };
        foreach (var part in parts)
        {
            await ForEachChunkAsync(part, async chunk =>
            {
                message.Data = UnsafeByteOperations.UnsafeWrap(chunk);
                await stream.WriteAsync(message, context.CancellationToken);
            }, context.CancellationToken);
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
}

using Google.Protobuf;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Progress;

namespace SynthStudio.Api.Services;

/// <summary>Sends a watched job to a client.</summary>
internal sealed class WatchStreams(ProgressHub hub, StreamAccess access)
{
    /// <summary>Streams until the job has ended. A long stream checks now and then that its caller may still see it.</summary>
    public async Task SendAsync(
        string job, WorkKind kind, string owner, long after, IMessage request, IServerStreamWriter<V1.ProgressEvent> stream, ServerCallContext context)
    {
        if (after < 0) throw ApiErrors.InvalidField("after_sequence", "must not be negative.");
        var grant = access.Of(request, context);
        await foreach (var watched in hub.WatchAsync(job, kind, owner, after, context.CancellationToken))
        {
            await grant.CheckAsync();
            await stream.WriteAsync(watched.Message, context.CancellationToken);
        }
    }
}

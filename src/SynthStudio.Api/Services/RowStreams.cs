using Google.Protobuf;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Progress;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>Streams generated rows while they are drawn.</summary>
internal sealed class RowStreams(ProgressHub hub, Downloads downloads, JobDirectory jobs, StreamAccess access)
{
    /// <summary>Sends all parts from the first wanted one on, in order: those that are stored, then each as its job stores it.</summary>
    public async Task SendAsync(
        SyntheticDatasetRecord synthetic, V1.StreamRowsRequest request, IServerStreamWriter<V1.StreamRowsResponse> stream, ServerCallContext context)
    {
        var grant = access.Of(request, context);
        var cancellation = context.CancellationToken;
        if (synthetic.State == ArtifactState.Ready)
        {
            foreach (var part in synthetic.Parts.Where(p => p.Number >= request.FirstPart).OrderBy(p => p.Number))
            {
                await SendPartAsync(part, grant, stream, cancellation);
            }

            return;
        }

        var next = request.FirstPart;
        var waiting = new SortedDictionary<int, PartRef>();
        await foreach (var watched in hub.WatchAsync(synthetic.Job, WorkKind.Generation, synthetic.Job, after: 0, cancellation))
        {
            await grant.CheckAsync(); // Signs of life come through here too, so a stream that waits is checked as well.

            // A part that is stored again by a later attempt has the same rows: generation follows from the seed.
            if (watched.Source?.Part is { } stored && stored.Number >= next) waiting[stored.Number] = stored;
            while (waiting.Remove(next, out var part))
            {
                await SendPartAsync(part, grant, stream, cancellation);
                next++;
            }
        }

        var job = await jobs.GetAsync(synthetic.Job, cancellation);
        if (job.State != WorkState.Succeeded) throw Unfinished(synthetic, job);
    }

    private async Task SendPartAsync(PartRef part, StreamAccess.Grant grant, IServerStreamWriter<V1.StreamRowsResponse> stream, CancellationToken cancellation)
    {
        var sent = 0L;
        await downloads.ForEachChunkAsync(part.Object, async chunk =>
        {
            sent += chunk.Length;
            var isLast = sent == part.Object.Size;
            await grant.CheckAsync();
            await stream.WriteAsync(
                new V1.StreamRowsResponse
                {
                    Part = part.Number,
                    Csv = UnsafeByteOperations.UnsafeWrap(chunk),
                    PartEnd = isLast,
                    PartRows = isLast ? part.Rows : 0,
                },
                cancellation);
        }, cancellation);
    }

    private static RpcException Unfinished(SyntheticDatasetRecord synthetic, JobSnapshot job) => ApiErrors.Precondition(
        job.Error?.Reason ?? ErrorReasons.StateForbids, synthetic.Name,
        job.Error?.Message ?? $"Drawing {synthetic.Name} was {job.State.ToString().ToLowerInvariant()}.");
}

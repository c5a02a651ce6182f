using Grpc.Core;

namespace SynthStudio.ClusterTorture;

/// <summary>Follows jobs to their ends: whenever a connection breaks, at the other replica and after the last sequence that it saw.</summary>
internal sealed class Watcher(Client client, Journal journal, Func<TimeSpan> now)
{
    /// <summary>A stream says at least every 15 s that it lives.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Watches a job to its end and answers its last event.</summary>
    public async Task<SeenEvent?> FollowAsync(string job)
    {
        var watched = new WatchedJob(job);
        journal.Watches.Add(watched);
        while (!watched.Ended)
        {
            client.Cancellation.ThrowIfCancellationRequested();
            watched.Connections++;
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(client.Cancellation);
            silence.CancelAfter(SilenceLimit);
            try
            {
                using var call = client.Studio.Jobs.WatchJob(
                    new WatchJobRequest { Name = job, AfterSequence = watched.LastSequence }, cancellationToken: silence.Token);
                while (await call.ResponseStream.MoveNext(silence.Token))
                {
                    silence.CancelAfter(SilenceLimit);
                    if (call.ResponseStream.Current is { Heartbeat: false } progress) watched.Add(progress, now());
                }

                watched.Ended = true;
            }
            catch (RpcException e) when (!client.Cancellation.IsCancellationRequested)
            {
                client.Note(e);
                client.Turn();
                await Task.Delay(Pause, client.Cancellation);
            }
        }

        return watched.Events is [.., var last] ? last : null;
    }
}

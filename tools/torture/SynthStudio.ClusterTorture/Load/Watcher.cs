using Grpc.Core;

namespace SynthStudio.ClusterTorture;

/// <summary>Follows jobs to their ends: whenever a connection breaks, at the other replica and after the last sequence that it saw.</summary>
internal sealed class Watcher(Client client, Journal journal, Func<TimeSpan> now)
{
    /// <summary>A stream says at least every 15 s that it lives.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Watches a job to its end and answers its last event.</summary>
    /// <exception cref="OperationCanceledException">The stream had not ended when patience was over; that is in the journal.</exception>
    public async Task<SeenEvent?> FollowAsync(string job)
    {
        var watched = new WatchedJob(job);
        journal.Watches.Add(watched);
        while (!watched.Ended && !client.Cancellation.IsCancellationRequested)
        {
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
                    if (call.ResponseStream.Current is not { Heartbeat: false } progress) continue; // A sign of life renews nobody's patience.
                    watched.Add(progress, now());
                    journal.NoteNews();
                }

                watched.Ended = true;
            }
            catch (RpcException e) when (!client.Cancellation.IsCancellationRequested)
            {
                client.Note(e);
                client.Turn();
                await Task.Delay(Pause, client.Cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (client.Cancellation.IsCancellationRequested && e is RpcException or OperationCanceledException)
            {
                // Told of below.
            }
        }

        if (watched.Ended) return watched.Events is [.., var last] ? last : null;
        journal.CutOff.Add($"a watch of {job} did not end; it saw {watched.Events.Count} events, the last of them {(watched.Events is [.., var newest] ? newest.State : "none")}");
        throw new OperationCanceledException(client.Cancellation);
    }
}

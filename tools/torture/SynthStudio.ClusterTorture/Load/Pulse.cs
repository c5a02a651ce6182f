namespace SynthStudio.ClusterTorture;

/// <summary>
/// Uploads a tiny table and waits for its profile, again and again: that takes the API, the store, the database, the scheduler, a silo and a worker.
/// How soon one goes through that began after a fault tells how soon the cluster serves again.
/// </summary>
internal sealed class Pulse(TortureCluster cluster, Journal journal, string project, int seed, Func<TimeSpan> now, CancellationToken giveUp)
{
    private const int Rows = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Random _dice = new(seed);
    private readonly Client _client = new(cluster.Replicas, journal, seed, giveUp);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var began = now();
            var content = VisitsTable.Make(_dice, Rows);
            try
            {
                var dataset = await _client.UploadAsync(project, content, "", Guid.NewGuid());
                journal.Uploads[dataset.Name] = new(dataset.Name, content);
                journal.Jobs[dataset.Job] = new(dataset.Job, JobKind.Profiling, dataset.Name);
                await new Watcher(new Client(cluster.Replicas, journal, seed, giveUp), journal, now).FollowAsync(dataset.Job);
                journal.Pulses.Add((began, now()));
            }
            catch (TortureException)
            {
                // It is in the journal.
            }

            await Task.Delay(Pause, giveUp);
        }
    }
}

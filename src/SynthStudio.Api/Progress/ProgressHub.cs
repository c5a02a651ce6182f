using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Readiness;

namespace SynthStudio.Api.Progress;

/// <summary>
/// Lets any number of subscribers watch jobs, with one reader a job in this process. A subscriber gets every event after the sequence it
/// names exactly once and in order, however late or slow it is, and a heartbeat when nothing happens.
/// </summary>
internal sealed class ProgressHub(
    IGrainFactory grains, IProgressLog history, ApiOptions options, IHostApplicationLifetime lifetime, Leaving leaving, TimeProvider time,
    ILogger<ProgressHub> log)
    : BackgroundService
{
    private const int HistoryPage = 500;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BeatCheck = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Lazy<Task<JobFeed>>> _feeds = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Watches a job to its end.</summary>
    /// <param name="job">The job's resource name.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="owner">Resource name of its owner.</param>
    /// <param name="after">The last sequence that the subscriber has; 0 for none.</param>
    /// <param name="cancellation">The subscriber left.</param>
    /// <exception cref="WorkNotFoundException">There is no such job.</exception>
    public async IAsyncEnumerable<WatchedEvent> WatchAsync(
        string job, WorkKind kind, string owner, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var grain = grains.GetWorkOwner(kind, owner);
        var last = after;
        var fellBehind = true;
        while (fellBehind)
        {
            // Join the live feed first, then fetch what lies before it: nothing can fall between the two.
            using var subscription = await TryJoinAsync(job, grain, cancellation);
            if (subscription is null)
            {
                await foreach (var watched in CatchUpAsync(job, grain, last, await LengthOfPastAsync(job, cancellation) + 1, cancellation))
                    yield return watched;
                yield break;
            }

            await foreach (var watched in CatchUpAsync(job, grain, last, subscription.First, cancellation))
            {
                last = watched.Sequence;
                yield return watched;
            }

            await foreach (var watched in subscription.Reader.ReadAllAsync(cancellation))
            {
                if (watched.Source is not null)
                {
                    if (watched.Sequence <= last) continue;
                    last = watched.Sequence;
                }

                yield return watched;
            }

            fellBehind = subscription.FellBehind;
        }
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before the web server waits for open streams: those who watch are to go on at another replica then, not when its patience ends.
        using var registration = lifetime.ApplicationStopping.Register(() => _ = EndWatchesAsync());
        using var timer = new PeriodicTimer(BeatCheck, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var (job, entry) in _feeds)
                {
                    if (!entry.IsValueCreated || !entry.Value.IsCompletedSuccessfully) continue;
                    var feed = await entry.Value;
                    feed.Beat(options.HeartbeatInterval);
                    if (feed.TryRetire(IdleLimit)) _feeds.TryRemove(KeyValuePair.Create(job, entry));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Ends all watches when the process has been said to leave for long enough.</summary>
    private async Task EndWatchesAsync()
    {
        await leaving.WaitAsync();
        try
        {
            await _stopping.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The host has stopped already.
        }
    }

    /// <summary>A subscription to the job's feed; null when its owner does not know the job, or not any more.</summary>
    private async Task<JobFeed.Subscription?> TryJoinAsync(string job, IWorkOwnerGrain grain, CancellationToken cancellation)
    {
        try
        {
            return await JoinAsync(job, grain, cancellation);
        }
        catch (WorkNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Events in the log of a job that has ended and that its owner has forgotten since.</summary>
    /// <exception cref="WorkNotFoundException">There is no such job.</exception>
    private async Task<long> LengthOfPastAsync(string job, CancellationToken cancellation)
    {
        var last = await history.LastSequenceAsync(job, cancellation);
        var end = last == 0 ? [] : await history.ReadAsync(job, last - 1, 1, cancellation);
        return end is [var newest] && newest.State.HasEnded() ? last : throw new WorkNotFoundException(job);
    }

    /// <summary>A subscription to the job's feed, started when there is none.</summary>
    private async Task<JobFeed.Subscription> JoinAsync(string job, IWorkOwnerGrain grain, CancellationToken cancellation)
    {
        while (true)
        {
            var entry = _feeds.GetOrAdd(job, key => new Lazy<Task<JobFeed>>(() => StartAsync(key, grain)));
            JobFeed feed;
            try
            {
                feed = await entry.Value.WaitAsync(cancellation);
            }
            catch when (entry.Value is { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                _feeds.TryRemove(KeyValuePair.Create(job, entry));
                throw;
            }

            if (feed.Subscribe() is { } subscription) return subscription;
            _feeds.TryRemove(KeyValuePair.Create(job, entry));
        }
    }

    private async Task<JobFeed> StartAsync(string job, IWorkOwnerGrain grain)
    {
        await grain.GetJobAsync(job); // Throws when there is no such job.
        var feed = new JobFeed(job, grain, await history.LastSequenceAsync(job, _stopping.Token), time, log);
        _ = Task.Run(() => RunAsync(feed), CancellationToken.None);
        return feed;
    }

    private async Task RunAsync(JobFeed feed)
    {
        try
        {
            await feed.RunAsync(_stopping.Token);
        }
        catch (Exception e)
        {
            log.FeedFailed(feed.Job, e);
        }

        if (_feeds.TryGetValue(feed.Job, out var entry) && entry.Value.IsCompletedSuccessfully && await entry.Value == feed)
            _feeds.TryRemove(KeyValuePair.Create(feed.Job, entry));
    }

    /// <summary>Events after <paramref name="last"/> and before <paramref name="end"/>: from the log, and from the grain what is not there.</summary>
    private async IAsyncEnumerable<WatchedEvent> CatchUpAsync(
        string job, IWorkOwnerGrain grain, long last, long end, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (last < end - 1) // A subscriber may name any sequence, the greatest number too.
        {
            var events = await history.ReadAsync(job, last, HistoryPage, cancellation);
            if (events.Count == 0) events = (await grain.ReadProgressAsync(job, last, TimeSpan.Zero)).Events;
            if (events.Count == 0 || events[0].Sequence != last + 1)
                throw new InvalidOperationException($"The progress log of {job} has no event {last + 1}.");
            foreach (var progress in events)
            {
                if (progress.Sequence >= end) yield break;
                last = progress.Sequence;
                yield return new WatchedEvent(progress.ToProto(job), progress);
            }
        }
    }
}

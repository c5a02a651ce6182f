using System.Threading.Channels;
using SynthStudio.Api.Mapping;

namespace SynthStudio.Api.Progress;

/// <summary>The one reader of a job's progress in this process: polls the owner grain and hands every event to all subscribers.</summary>
internal sealed class JobFeed
{
    private const int RingCapacity = 512;
    private const int SubscriberCapacity = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Who has not answered by then does not: its silo, or the one between, died with the question, and the cluster's
    /// client would wait half a minute for it.
    /// </summary>
    private static readonly TimeSpan LongestAnswer = Patience * 2;

    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<WatchedEvent> _ring = new();
    private readonly List<Subscription> _subscribers = [];
    private readonly IWorkOwnerGrain _owner;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private long _position;
    private long _emptySince;
    private volatile bool _ended;
    private Exception? _failure;

    /// <param name="job">The job.</param>
    /// <param name="owner">Its owner grain.</param>
    /// <param name="position">The newest sequence in the log: what comes after it is read from the grain.</param>
    /// <param name="time">For retries and heartbeats.</param>
    /// <param name="log">Where trouble is told.</param>
    public JobFeed(string job, IWorkOwnerGrain owner, long position, TimeProvider time, ILogger log)
    {
        Job = job;
        _owner = owner;
        _position = position;
        _time = time;
        _log = log;
        _emptySince = time.GetTimestamp();
    }

    public string Job { get; }

    /// <summary>Ends the feed when nobody has listened for so long.</summary>
    public bool TryRetire(TimeSpan limit)
    {
        lock (_lock)
        {
            if (_ended || _subscribers.Count > 0 || _time.GetElapsedTime(_emptySince) < limit) return false;
            return _ended = true;
        }
    }

    /// <summary>
    /// Joins the feed. The subscription delivers, without gaps, everything with a sequence of at least <see cref="Subscription.First"/>.
    /// Null when the feed has ended or failed: start another.
    /// </summary>
    public Subscription? Subscribe()
    {
        lock (_lock)
        {
            if (_ended || _failure is not null) return null;
            var channel = Channel.CreateBounded<WatchedEvent>(
                new BoundedChannelOptions(SubscriberCapacity) { SingleReader = true, SingleWriter = true });
            var subscription = new Subscription(this, channel, _ring.TryPeek(out var oldest) ? oldest.Sequence : _position + 1, _time.GetTimestamp());
            foreach (var known in _ring) channel.Writer.TryWrite(known);
            _subscribers.Add(subscription);
            return subscription;
        }
    }

    /// <summary>Reads until the job has ended, the feed is retired or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var delay = TimeSpan.Zero;
        try
        {
            while (!_ended)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    var batch = await _owner.ReadProgressAsync(Job, _position, Patience).WaitAsync(LongestAnswer, _time, cancellation);
                    delay = TimeSpan.Zero;
                    Publish(batch);
                }
                catch (Exception e) when (e is not WorkNotFoundException && !cancellation.IsCancellationRequested)
                {
                    delay = delay == TimeSpan.Zero ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestRetry.Ticks));
                    _log.FeedRetries(Job, delay, e);
                    await Task.Delay(delay, _time, cancellation);
                }
            }
        }
        catch (Exception e)
        {
            Fail(e);
            if (e is not (WorkNotFoundException or OperationCanceledException)) throw;
        }
    }

    /// <summary>Gives those a heartbeat who have heard nothing for so long.</summary>
    public void Beat(TimeSpan silence)
    {
        lock (_lock)
        {
            WatchedEvent? beat = null;
            foreach (var subscription in _subscribers)
            {
                if (_time.GetElapsedTime(subscription.LastWrite) < silence) continue;
                beat ??= new WatchedEvent(new V1.ProgressEvent { Job = Job, Time = _time.GetUtcNow().ToProto(), Heartbeat = true }, null);
                subscription.Write(beat, _time.GetTimestamp());
            }
        }
    }

    private void Publish(ProgressBatch batch)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            foreach (var progress in batch.Events)
            {
                if (progress.Sequence <= _position) continue;
                var watched = new WatchedEvent(progress.ToProto(Job), progress);
                _position = progress.Sequence;
                _ring.Enqueue(watched);
                if (_ring.Count > RingCapacity) _ring.Dequeue();
                foreach (var subscription in _subscribers) subscription.Write(watched, now);
            }

            if (!batch.Ended) return;
            _ended = true;
            foreach (var subscription in _subscribers) subscription.Complete(null);
        }
    }

    private void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure = failure;
            foreach (var subscription in _subscribers) subscription.Complete(failure);
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            _subscribers.Remove(subscription);
            if (_subscribers.Count == 0) _emptySince = _time.GetTimestamp();
        }
    }

    /// <summary>One listener. A listener that is too slow loses the live feed, never an event: it joins anew from where it is.</summary>
    internal sealed class Subscription(JobFeed feed, Channel<WatchedEvent> channel, long first, long created) : IDisposable
    {
        /// <summary>The first sequence that is delivered.</summary>
        public long First { get; } = first;

        public ChannelReader<WatchedEvent> Reader => channel.Reader;

        /// <summary>Whether the live feed was lost; what is in the channel is still good.</summary>
        public bool FellBehind { get; private set; }

        /// <summary>Timestamp of the newest event.</summary>
        public long LastWrite { get; private set; } = created;

        public void Dispose() => feed.Remove(this);

        internal void Write(WatchedEvent watched, long now)
        {
            LastWrite = now;
            if (FellBehind || channel.Writer.TryWrite(watched) || watched.Source is null) return;
            FellBehind = true;
            channel.Writer.TryComplete();
        }

        internal void Complete(Exception? failure) => channel.Writer.TryComplete(failure);
    }
}

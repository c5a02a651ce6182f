namespace SynthStudio.ClusterTorture;

/// <summary>What one watcher saw of a job, over all its connections.</summary>
internal sealed class WatchedJob(string job)
{
    private readonly List<SeenEvent> _events = [];

    public string Job => job;

    public int Connections { get; set; }

    /// <summary>The stream ended by itself after the job's last event.</summary>
    public bool Ended { get; set; }

    public IReadOnlyList<SeenEvent> Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    public long LastSequence
    {
        get
        {
            lock (_events) return _events.Count == 0 ? 0 : _events[^1].Sequence;
        }
    }

    public void Add(ProgressEvent seen, TimeSpan at)
    {
        var step = seen.Metrics.TryGetValue("optimiser_step", out var taken) ? taken : 0;
        lock (_events) _events.Add(new(seen.Sequence, seen.State, seen.Attempt, seen.Message, at, seen.Step, step));
    }
}

/// <summary>An event as a watcher got it.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="State">The job's state.</param>
/// <param name="Attempt">The job's attempt.</param>
/// <param name="Message">For people.</param>
/// <param name="At">When it arrived, since the start of the run.</param>
/// <param name="Step">The step that runs; empty before the first.</param>
/// <param name="OptimiserStep">The newest that was told, in this attempt or one before it; 0 for none.</param>
internal sealed record SeenEvent(
    long Sequence, JobState State, int Attempt, string Message, TimeSpan At, string Step, double OptimiserStep);

namespace SynthStudio.Orchestration.Tests;

/// <summary>A progress log that outlives the clusters of a test and refuses what a database would.</summary>
public sealed class MemoryProgressLog : IProgressLog
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<ProgressEvent>> logs = [];

    public Task AppendAsync(string job, IReadOnlyList<ProgressEvent> events, CancellationToken cancellation)
    {
        lock (gate)
        {
            var log = logs.TryGetValue(job, out var known) ? known : logs[job] = [];
            if (events.Any(e => log.Exists(l => l.Sequence == e.Sequence))) throw new SequenceConflictException(job);
            log.AddRange(events);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ProgressEvent>> ReadAsync(string job, long after, int limit, CancellationToken cancellation)
    {
        lock (gate)
        {
            IReadOnlyList<ProgressEvent> found = logs.TryGetValue(job, out var log)
                ? [.. log.Where(e => e.Sequence > after).OrderBy(e => e.Sequence).Take(limit)]
                : [];
            return Task.FromResult(found);
        }
    }

    public Task<long> LastSequenceAsync(string job, CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult(logs.TryGetValue(job, out var log) && log.Count > 0 ? log.Max(e => e.Sequence) : 0);
    }

    public Task DeleteAsync(string job, CancellationToken cancellation)
    {
        lock (gate) logs.Remove(job);
        return Task.CompletedTask;
    }
}

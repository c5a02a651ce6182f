using SynthStudio.Orchestration;
using ProgressEvent = SynthStudio.Orchestration.ProgressEvent;

namespace SynthStudio.ClusterTorture;

/// <summary>What the durable log says of every job, beside what the catalog shows.</summary>
internal sealed class JobBooks
{
    private JobBooks(IReadOnlyDictionary<string, IReadOnlyList<ProgressEvent>> logs, IReadOnlyDictionary<string, string> states) =>
        (Logs, States) = (logs, states);

    /// <summary>By job, its events in order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ProgressEvent>> Logs { get; }

    /// <summary>By job, the state that the catalog lists.</summary>
    public IReadOnlyDictionary<string, string> States { get; }

    /// <summary>Books that say this.</summary>
    public static JobBooks Of(IReadOnlyDictionary<string, IReadOnlyList<ProgressEvent>> logs) => new(logs, new Dictionary<string, string>());

    public static async Task<JobBooks> ReadAsync(Stores stores)
    {
        var states = (await stores.ReadAsync("SELECT name, state FROM jobs", r => (Name: r.GetString(0), State: r.GetString(1)))).ToDictionary(j => j.Name, j => j.State);
        var logs = new Dictionary<string, IReadOnlyList<ProgressEvent>>();
        foreach (var job in await stores.ReadAsync("SELECT DISTINCT job FROM progress_events", r => r.GetString(0)))
        {
            var events = new List<ProgressEvent>();
            while (await stores.Progress.ReadAsync(job, events.Count == 0 ? 0 : events[^1].Sequence, 1000, CancellationToken.None)
                    is { Count: > 0 } more)
                events.AddRange(more);
            logs[job] = events;
        }

        return new(logs, states);
    }

    public static bool IsEnd(WorkState state) => state.HasEnded();
}

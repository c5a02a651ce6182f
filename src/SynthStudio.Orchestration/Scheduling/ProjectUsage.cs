namespace SynthStudio.Orchestration;

/// <summary>
/// Slot seconds that projects had of the cluster, what is long ago counting less and less. Not durable: a scheduler that starts anew begins
/// with everybody equal.
/// </summary>
internal sealed class ProjectUsage(TimeSpan halfLife)
{
    private const double Nothing = 1e-3;

    private Dictionary<string, double> seconds = [];
    private DateTimeOffset? counted;

    /// <summary>Slot seconds of a project, discounted.</summary>
    public double Of(string project) => seconds.GetValueOrDefault(project);

    /// <summary>Counts the time since the last call for what runs.</summary>
    /// <param name="running">Jobs that ran since then, by project.</param>
    /// <param name="now">A clock that went back counts nothing.</param>
    public void Count(IReadOnlyDictionary<string, int> running, DateTimeOffset now)
    {
        var past = counted is { } last && now > last ? now - last : TimeSpan.Zero;
        counted = now;
        if (past == TimeSpan.Zero) return;

        var kept = Math.Pow(0.5, past / halfLife);
        seconds = seconds.Keys.Union(running.Keys)
            .Select(project => (project, used: (Of(project) * kept) + (running.GetValueOrDefault(project) * past.TotalSeconds)))
            .Where(entry => entry.used > Nothing)
            .ToDictionary(entry => entry.project, entry => entry.used);
    }
}

namespace SynthStudio.Orchestration;

/// <summary>Keeps projects from taking more of accelerators in a month than they may. What runs goes on: it is what comes after that waits.</summary>
public sealed partial class SchedulerGrain
{
    /// <summary>Reads what ended jobs took, where a limit asks for that.</summary>
    private async Task ReadAcceleratorTimeAsync()
    {
        if (store.State.Shares.Values.Any(share => share.MaxAcceleratorSecondsPerMonth > 0)) await acceleratorTime.ReadAsync(CancellationToken.None);
    }

    private bool IsAcceleratorTimeSpent(string project)
    {
        if (ShareOf(project).MaxAcceleratorSecondsPerMonth is not (> 0 and var most)) return false;
        var running = starts.Keys.Where(job => queue[job].Item.Project == project).Aggregate(TimeSpan.Zero, (sum, job) => sum + OnAccelerator(job));
        return (acceleratorTime.EndedOf(project) + running).TotalSeconds >= most;
    }

    /// <summary>What a job that leaves the queue took.</summary>
    private void CountAcceleratorTime(string job)
    {
        if (starts.ContainsKey(job)) acceleratorTime.End(queue[job].Item.Project, OnAccelerator(job));
    }

    /// <summary>How long a leased job has run on an accelerator.</summary>
    private TimeSpan OnAccelerator(string job) => queue[job] is { Holder: { } holder } work && roster.All.FirstOrDefault(silo => silo.Address.ToParsableString() == holder) is { } silo
        && AcceleratorSharing.Uses(silo, work.Item.Requirements) ? time.GetUtcNow() - starts[job] : TimeSpan.Zero;
}

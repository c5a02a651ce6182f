namespace SynthStudio.Orchestration;

/// <summary>The door to one compute silo, placed there by an exact hint. Key: the silo's address as parsable text.</summary>
[Alias("synthstudio.IComputeGrain")]
public interface IComputeGrain : IGrainWithStringKey
{
    /// <summary>Starts a worker for the lease. False when this activation is not on the silo its key names, or the silo takes no work.</summary>
    [Alias("Start")]
    Task<bool> StartAsync(WorkItem item, LeaseEpoch epoch);

    /// <summary>Makes every training write a checkpoint and wait in the queue again; other jobs go on to their end.</summary>
    [Alias("HandOver")]
    Task HandOverAsync();

    /// <summary>Makes the running worker of the job ask its owner for a directive now, instead of at the next heartbeat.</summary>
    [Alias("Nudge")]
    Task NudgeAsync(string job, LeaseEpoch epoch);
}

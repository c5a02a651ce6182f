namespace SynthStudio.Orchestration;

/// <summary>Where a job stands. <see cref="Succeeded"/>, <see cref="Failed"/> and <see cref="Cancelled"/> are final.</summary>
[GenerateSerializer, Alias("synthstudio.WorkState")]
public enum WorkState
{
    /// <summary>Waits for a compute silo.</summary>
    Queued,

    /// <summary>A silo holds the lease and starts the worker.</summary>
    Starting,

    /// <summary>The worker computes.</summary>
    Running,

    /// <summary>Asked to pause; the worker writes a checkpoint.</summary>
    Pausing,

    /// <summary>Holds no lease; resumes from its checkpoint.</summary>
    Paused,

    /// <summary>Asked to stop; the worker has not left yet.</summary>
    Cancelling,
    Cancelled,
    Failed,
    Succeeded,
}

/// <summary>What states mean.</summary>
public static class WorkStates
{
    /// <summary>Nothing comes after it.</summary>
    public static bool HasEnded(this WorkState state) => state is WorkState.Succeeded or WorkState.Failed or WorkState.Cancelled;
}

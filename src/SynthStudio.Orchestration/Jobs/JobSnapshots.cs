namespace SynthStudio.Orchestration;

/// <summary>What others see of a piece of work.</summary>
internal static class JobSnapshots
{
    /// <summary>The job as its record and its progress say. Every change has an event, so the newest sequence is its version.</summary>
    public static JobSnapshot Of(WorkRecord work, ProgressPosition position) => new()
    {
        Name = work.Job,
        Kind = work.Kind,
        Subject = work.Subject,
        State = work.State,
        Priority = work.Priority,
        Attempt = work.Attempt,
        Epoch = work.Epoch,
        Step = position.Step,
        Fraction = position.Fraction,
        Remaining = work.State is WorkState.Running or WorkState.Pausing ? position.Remaining : null,
        Metrics = position.Metrics,
        Error = work.Error,
        Result = work.Result,
        CreateTime = work.CreateTime,
        StartTime = work.StartTime,
        EndTime = work.EndTime,
        LastSequence = position.Sequence,
        Parts = work.Parts,
        Silo = work.Silo,
        Version = position.Sequence,
        Accelerator = work.Device is "" or "cpu" ? work.Requirements.Accelerator : work.Device.Split(':')[0],
        ModelSha256 = work.Spec is GenerationSpec drawing ? drawing.Model.Sha256 : "",
        Needs = work.HasEnded ? [] : [.. work.Spec.Inputs, .. work.Checkpoints.Select(c => c.Object)],
    };
}

namespace SynthStudio.Orchestration;

/// <summary>Owns one job that is not a training. Key: the job's resource name.</summary>
[Alias("synthstudio.IJobGrain")]
public interface IJobGrain : IWorkOwnerGrain
{
    /// <summary>Creates the job and puts it into the queue. Repeating it with the same arguments changes nothing.</summary>
    [Alias("Submit")]
    Task<JobSnapshot> SubmitAsync(JobSubmission submission);
}

/// <summary>A job to run.</summary>
/// <param name="Subject">Resource name of what the job is for.</param>
/// <param name="Spec">What to do.</param>
/// <param name="Priority">1 (first) to 5.</param>
/// <param name="Requirements">What the silo must offer.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.JobSubmission")]
public sealed record JobSubmission(
    [property: Id(0)] string Subject,
    [property: Id(1)] WorkSpec Spec,
    [property: Id(2)] int Priority,
    [property: Id(3)] WorkRequirements Requirements)
{
    /// <summary>How long it may take; where nothing is said, as the cluster is set up.</summary>
    [Id(4)] public WorkLimits Limits { get; init; } = WorkLimits.None;
}

namespace SynthStudio.Orchestration;

/// <summary>From a job to the grain that owns it.</summary>
public static class WorkOwners
{
    /// <summary>The owner of a job: the generator grain for trainings, else the job's own grain.</summary>
    /// <param name="grains">The grain factory or cluster client.</param>
    /// <param name="kind">What the job does.</param>
    /// <param name="owner">Resource name of the owner: the generator of a training, else the job.</param>
    public static IWorkOwnerGrain GetWorkOwner(this IGrainFactory grains, WorkKind kind, string owner) => kind == WorkKind.Training
        ? grains.GetGrain<IGeneratorGrain>(owner)
        : grains.GetGrain<IJobGrain>(owner);
}

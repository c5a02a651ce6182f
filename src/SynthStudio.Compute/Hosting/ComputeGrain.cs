using Orleans.Concurrency;

namespace SynthStudio.Compute;

/// <inheritdoc cref="IComputeGrain"/>
[GrainType("synthstudio.compute"), OnNamedSilo, Reentrant]
internal sealed class ComputeGrain(ComputeService service, ILocalSiloDetails silo) : Grain, IComputeGrain
{
    public Task<bool> StartAsync(WorkItem item, LeaseEpoch epoch) =>
        Task.FromResult(this.GetPrimaryKeyString() == silo.SiloAddress.ToParsableString() && service.TryStart(item, epoch));

    public Task HandOverAsync()
    {
        service.HandOver();
        return Task.CompletedTask;
    }

    public Task NudgeAsync(string job, LeaseEpoch epoch)
    {
        service.Nudge(job, epoch);
        return Task.CompletedTask;
    }
}

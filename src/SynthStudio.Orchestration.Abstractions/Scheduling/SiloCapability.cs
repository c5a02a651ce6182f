namespace SynthStudio.Orchestration;

/// <summary>What a silo could run. The same rule where work is planned and where people are told whether it could be.</summary>
public static class SiloCapability
{
    /// <summary>Whether the silo has what the job needs when it is empty. Every silo has a CPU.</summary>
    public static bool CanRun(this ComputeSilo silo, WorkRequirements needs) =>
        silo.Slots > 0
        && needs.MemoryBytes <= silo.MemoryBytes
        && (needs.Accelerator is "" or "any" or "cpu" || needs.Accelerator == silo.Accelerator)
        && (!AcceleratorSharing.Uses(silo, needs) || needs.AcceleratorMemoryBytes == 0 || silo.AcceleratorMemoryBytes == 0
            || needs.AcceleratorMemoryBytes <= silo.AcceleratorMemoryBytes);
}

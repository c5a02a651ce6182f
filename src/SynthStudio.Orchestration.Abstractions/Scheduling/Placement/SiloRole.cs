namespace SynthStudio.Orchestration;

/// <summary>What a silo is for; told to the others as silo metadata.</summary>
public enum SiloRole
{
    /// <summary>Grains that decide, and workers.</summary>
    All,

    /// <summary>Grains that decide; no workers.</summary>
    Control,

    /// <summary>Workers; no grain that decides is placed there.</summary>
    Compute,
}

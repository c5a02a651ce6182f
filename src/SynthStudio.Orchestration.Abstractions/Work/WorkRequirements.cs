namespace SynthStudio.Orchestration;

/// <summary>What a compute silo must offer to be given a job.</summary>
/// <param name="Accelerator">Needed kind of accelerator: <c>any</c>, <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="MemoryBytes">Host memory that a silo must have at least; 0 when not known.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkRequirements")]
public sealed record WorkRequirements([property: Id(0)] string Accelerator, [property: Id(1)] long MemoryBytes)
{
    public static WorkRequirements Any { get; } = new("any", 0);
}

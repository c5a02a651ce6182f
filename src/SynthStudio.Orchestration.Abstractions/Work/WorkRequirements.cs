namespace SynthStudio.Orchestration;

/// <summary>What a compute silo must offer to be given a job.</summary>
/// <param name="Accelerator">Needed kind of accelerator: <c>any</c> (one if there is one, else the CPU), <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="MemoryBytes">Host memory that the job takes at least; 0 when not known.</param>
/// <param name="AcceleratorMemoryBytes">Memory of one accelerator that the job takes, which it then shares with others; 0 takes a whole one.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkRequirements")]
public sealed record WorkRequirements(
    [property: Id(0)] string Accelerator, [property: Id(1)] long MemoryBytes, [property: Id(2)] long AcceleratorMemoryBytes = 0)
{
    public static WorkRequirements Any { get; } = new("any", 0);

    /// <summary>Of work that no accelerator makes faster.</summary>
    public static WorkRequirements Cpu { get; } = new("cpu", 0);
}

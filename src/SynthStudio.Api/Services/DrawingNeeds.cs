namespace SynthStudio.Api.Services;

/// <summary>What drawing rows takes of a silo.</summary>
internal static class DrawingNeeds
{
    /// <summary>Drawing is quick on a CPU: it waits for an accelerator only where the generator cannot do without one.</summary>
    public static WorkRequirements Of(GeneratorDefinition generator) => generator.Requirements.Accelerator == "cuda"
        ? generator.Requirements with { MemoryBytes = MemoryNeeds.Worker }
        : WorkRequirements.Cpu with { MemoryBytes = MemoryNeeds.Worker };
}

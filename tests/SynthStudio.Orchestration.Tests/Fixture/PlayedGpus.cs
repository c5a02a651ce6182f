using SynthStudio.Compute;

namespace SynthStudio.Orchestration.Tests;

/// <summary>A driver that tells of these GPUs.</summary>
internal sealed class PlayedGpus(IReadOnlyList<GpuMemory> gpus) : IGpuMemoryReader
{
    public IReadOnlyList<GpuMemory> Read() => gpus;
}

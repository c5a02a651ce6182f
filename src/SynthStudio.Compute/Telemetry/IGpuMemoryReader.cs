namespace SynthStudio.Compute;

/// <summary>Tells the memory of the machine's NVIDIA GPUs.</summary>
public interface IGpuMemoryReader
{
    /// <summary>One figure a GPU that answers; none without a driver.</summary>
    IReadOnlyList<GpuMemory> Read();
}

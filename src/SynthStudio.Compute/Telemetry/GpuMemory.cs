namespace SynthStudio.Compute;

/// <summary>Memory in use on one NVIDIA GPU, by whatever program, in bytes.</summary>
/// <param name="Index">Its number, from 0, as the driver counts.</param>
/// <param name="Used">Bytes in use.</param>
/// <param name="Total">Bytes there are.</param>
public readonly record struct GpuMemory(int Index, long Used, long Total);

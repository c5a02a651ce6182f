namespace SynthStudio.Synthesis;

/// <summary>Where tensors live.</summary>
public enum Device
{
    /// <summary>A GPU when this build of libtorch sees one, else the CPU.</summary>
    Auto,
    Cpu,
    Cuda,
}

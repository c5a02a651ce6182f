namespace SynthStudio.Compute;

/// <summary>What a silo says of its accelerators at one moment.</summary>
/// <param name="Kind"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Count">Accelerators of that kind; 0 for the CPU.</param>
/// <param name="MemoryBytes">Memory of each in bytes; 0 for the CPU, or when it is not known.</param>
/// <param name="Backend">What libtorch of the workers sees: <c>cuda</c> where it is built for that and there is such a GPU, else
/// <c>cpu</c>; empty before the worker was asked.</param>
internal readonly record struct AcceleratorOffer(string Kind, int Count, long MemoryBytes, string Backend);

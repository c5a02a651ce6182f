
namespace SynthStudio.Orchestration;

/// <summary>A compute silo: where it is, what it offers, what it does.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.ComputeSilo")]
public sealed record ComputeSilo
{
    [Id(0)] public required SiloAddress Address { get; init; }

    /// <summary>The silo's name, for people.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    [Id(2)] public required string Accelerator { get; init; }

    /// <summary>Jobs it runs at once.</summary>
    [Id(3)] public required int Slots { get; init; }

    [Id(4)] public required long MemoryBytes { get; init; }

    [Id(5)] public required IReadOnlyList<HeldLease> Leases { get; init; }

    /// <summary>It finishes what it has and takes nothing new.</summary>
    [Id(6)] public bool Draining { get; init; }

    /// <summary>Accelerators it has; 0 on a silo that computes on its CPU.</summary>
    [Id(8)] public int Accelerators { get; init; }

    /// <summary>Memory of each accelerator; 0 when not known: then none is shared.</summary>
    [Id(9)] public long AcceleratorMemoryBytes { get; init; }

    /// <summary>
    /// What its libtorch sees, for people: <c>cuda</c> where it is built for that and there is such a GPU, else
    /// <c>cpu</c>; empty when not known.
    /// </summary>
    [Id(10)] public string TorchBackend { get; init; } = "";

    /// <summary>SHA-256 of the model packages that waiting workers have loaded.</summary>
    [Id(7)] public IReadOnlyList<string> Models { get; init; } = [];
}

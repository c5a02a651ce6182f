namespace SynthStudio.Synthesis.Training;

/// <summary>One parameter tensor of a network.</summary>
/// <param name="Name">Unique in its network.</param>
/// <param name="Shape">Sizes of its dimensions.</param>
/// <param name="Decays">Whether weight decay applies: matrices yes, biases, gains and embeddings no.</param>
internal sealed record ParameterSpec(string Name, long[] Shape, bool Decays)
{
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>
/// Where a network's parameters lie in one flat vector, decaying ones first. With everything in one vector the optimiser, the averaged
/// weights, clipping and checkpoints are a few operations on large tensors instead of hundreds on small ones.
/// </summary>
internal sealed class ParameterLayout
{
    private readonly Dictionary<string, long> offsets = new(StringComparer.Ordinal);

    public ParameterLayout(IEnumerable<ParameterSpec> specs)
    {
        Specs = [.. specs.OrderByDescending(spec => spec.Decays)];
        foreach (var spec in Specs)
        {
            offsets.Add(spec.Name, Count);
            Count += spec.Count;
            if (spec.Decays) DecayingCount = Count;
        }
    }

    public IReadOnlyList<ParameterSpec> Specs { get; }

    /// <summary>Length of the flat vector.</summary>
    public long Count { get; }

    /// <summary>The first so many elements decay.</summary>
    public long DecayingCount { get; }

    /// <summary>Where the parameter called <paramref name="name"/> begins.</summary>
    public long OffsetOf(string name) => offsets[name];
}

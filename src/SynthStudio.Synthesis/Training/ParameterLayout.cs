namespace SynthStudio.Synthesis.Training;

/// <summary>One parameter tensor of a network.</summary>
/// <param name="Name">Unique in its network.</param>
/// <param name="Shape">Sizes of its dimensions.</param>
/// <param name="Decays">Whether weight decay applies: matrices yes, biases, gains and embeddings no.</param>
/// <param name="Group">Parameters that are updated together; adversaries are in different groups, all others in 0.</param>
internal sealed record ParameterSpec(string Name, long[] Shape, bool Decays, int Group = 0)
{
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>A group's part of the flat vector: the first <paramref name="DecayingCount"/> elements decay.</summary>
internal sealed record ParameterGroup(long Start, long Count, long DecayingCount);

/// <summary>
/// Where a network's parameters lie in one flat vector: group by group, decaying ones first. With everything in one vector the optimiser, the
/// averaged weights, clipping and checkpoints are a few operations on large tensors instead of hundreds on small ones.
/// </summary>
internal sealed class ParameterLayout
{
    private readonly Dictionary<string, long> offsets = new(StringComparer.Ordinal);

    public ParameterLayout(IEnumerable<ParameterSpec> specs)
    {
        Specs = [.. specs.OrderBy(spec => spec.Group).ThenByDescending(spec => spec.Decays)];
        var groups = new List<ParameterGroup>();
        foreach (var spec in Specs)
        {
            while (groups.Count <= spec.Group) groups.Add(new ParameterGroup(Count, 0, 0));
            offsets.Add(spec.Name, Count);
            Count += spec.Count;
            var group = groups[spec.Group];
            groups[spec.Group] = group with
            {
                Count = Count - group.Start,
                DecayingCount = spec.Decays ? Count - group.Start : group.DecayingCount,
            };
        }

        Groups = groups;
    }

    public IReadOnlyList<ParameterSpec> Specs { get; }

    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Length of the flat vector.</summary>
    public long Count { get; }

    /// <summary>Where the parameter called <paramref name="name"/> begins.</summary>
    public long OffsetOf(string name) => offsets[name];
}

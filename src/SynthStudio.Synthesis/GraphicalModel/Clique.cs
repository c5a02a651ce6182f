namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>A set of attributes in the layout order of its <see cref="Domain"/>; tables over it are row-major in that order.</summary>
/// <param name="attributes">Distinct; made by <see cref="Domain.Clique"/>.</param>
internal sealed class Clique(int[] attributes) : IEquatable<Clique>
{
    public IReadOnlyList<int> Attributes => attributes;

    public int Count => attributes.Length;

    public bool Contains(int attribute) => Array.IndexOf(attributes, attribute) >= 0;

    /// <summary>Whether all attributes of <paramref name="other"/> are in this.</summary>
    public bool Covers(Clique other) => other.Attributes.All(Contains);

    public bool Equals(Clique? other) => other is not null && attributes.AsSpan().SequenceEqual(other.Attributes.ToArray());

    public override bool Equals(object? obj) => Equals(obj as Clique);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var attribute in attributes) hash.Add(attribute);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join('-', attributes);
}

namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>The number of values of each attribute, and the order in which tables over several of them are laid out.</summary>
/// <param name="sizes">By attribute, at least 1.</param>
internal sealed class Domain(IReadOnlyList<int> sizes)
{
    /// <summary>Attributes with more values come later, so that inner loops are long.</summary>
    private readonly int[] rank = Ranks(sizes);

    public int Attributes => sizes.Count;

    /// <summary>Values of an attribute.</summary>
    public int this[int attribute] => sizes[attribute];

    /// <summary>The clique of some attributes, in layout order.</summary>
    public Clique Clique(params IEnumerable<int> attributes) => new([.. attributes.Distinct().OrderBy(a => rank[a])]);

    /// <summary>Cells of a table over <paramref name="clique"/>; infinite rather than overflowing.</summary>
    public double Cells(Clique clique) => clique.Attributes.Aggregate(1.0, (cells, a) => cells * sizes[a]);

    /// <summary>The sizes of a clique's attributes, in its order.</summary>
    public int[] Shape(Clique clique) => [.. clique.Attributes.Select(a => sizes[a])];

    private static int[] Ranks(IReadOnlyList<int> sizes)
    {
        var order = Enumerable.Range(0, sizes.Count).OrderBy(a => sizes[a]).ThenBy(a => a).ToArray();
        var rank = new int[sizes.Count];
        for (var place = 0; place < order.Length; place++) rank[order[place]] = place;
        return rank;
    }
}

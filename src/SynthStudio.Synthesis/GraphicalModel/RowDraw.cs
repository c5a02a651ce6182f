using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>
/// Draws rows column by column along the junction tree: rows that agree on what is drawn of a clique share out its next column by randomised
/// rounding, so that counts come within one of what the model expects of the group; independent draws would add noise of their own.
/// </summary>
internal static class RowDraw
{
    /// <summary>By attribute, by row.</summary>
    /// <param name="model">Calibrated.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="random">Nothing else decides.</param>
    /// <param name="cancellation">Looked at between columns.</param>
    public static ushort[][] Draw(MarkovModel model, int rows, SeededStream random, CancellationToken cancellation)
    {
        var (tree, domain) = (model.Tree, model.Tree.Domain);
        var drawn = new ushort[domain.Attributes][];
        foreach (var node in tree.Order)
        {
            var known = tree.Separators[node].Attributes.ToList();
            foreach (var attribute in tree.Nodes[node].Attributes.Where(a => !tree.Separators[node].Contains(a)))
            {
                cancellation.ThrowIfCancellationRequested();
                var table = new double[(int)domain.Cells(domain.Clique([.. known, attribute]))];
                var wanted = domain.Clique([.. known, attribute]);
                new Projection(domain, tree.Nodes[node], wanted).Sum(model.Probabilities[node], table);
                drawn[attribute] = Column(domain, wanted, table, attribute, drawn, rows, random);
                known.Add(attribute);
            }
        }

        return drawn;
    }

    private static ushort[] Column(Domain domain, Clique clique, double[] table, int attribute, ushort[][] drawn, int rows, SeededStream random)
    {
        // Where in the table a row's conditional distribution begins, and how far its cells lie apart.
        var start = new int[rows];
        var stride = 1;
        for (int i = clique.Count - 1, cells = 1; i >= 0; i--)
        {
            var own = clique.Attributes[i];
            if (own == attribute) stride = cells;
            else
            {
                var column = drawn[own];
                for (var row = 0; row < rows; row++) start[row] += cells * column[row];
            }

            cells *= domain[own];
        }

        var order = Enumerable.Range(0, rows).ToArray();
        Array.Sort((int[])start.Clone(), order);
        var result = new ushort[rows];
        var shares = new double[domain[attribute]];
        var dealt = new ushort[rows];
        for (int first = 0, end; first < rows; first = end)
        {
            end = first + 1;
            while (end < rows && start[order[end]] == start[order[first]]) end++;
            for (var value = 0; value < shares.Length; value++) shares[value] = table[start[order[first]] + value * stride];
            var hand = dealt.AsSpan(0, end - first);
            Deal(shares, hand, random);
            random.Shuffle(hand);
            for (var i = first; i < end; i++) result[order[i]] = hand[i - first];
        }

        return result;
    }

    /// <summary>
    /// Values in proportion to shares: of each as many as its expected number rounded down, and one more with the probability of what was rounded
    /// off (systematic sampling of the fractions).
    /// </summary>
    private static void Deal(double[] shares, Span<ushort> values, SeededStream random)
    {
        double total = 0;
        foreach (var share in shares) total += share;
        var scale = values.Length / total;
        double expected = 0;
        var offset = random.NextDouble();
        var next = 0;
        var last = 0;
        for (var value = 0; value < shares.Length; value++)
        {
            if (!(shares[value] > 0)) continue;
            expected += shares[value] * scale;
            last = value;
            while (next < values.Length && next + offset < expected) values[next++] = (ushort)value;
        }

        while (next < values.Length) values[next++] = (ushort)last;
    }
}

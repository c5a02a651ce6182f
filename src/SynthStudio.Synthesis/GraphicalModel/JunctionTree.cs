namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>
/// A tree of cliques in which every attribute's cliques hang together, and every wished clique lies in one (Koller, Friedman, Probabilistic
/// Graphical Models, chapter 10): greedy elimination by the smallest resulting table, then a spanning tree of greatest separators.
/// </summary>
internal sealed class JunctionTree
{
    private JunctionTree(Domain domain, IReadOnlyList<Clique> nodes, int[] parents, Clique[] separators, int[] order) =>
        (Domain, Nodes, Parents, Separators, Order) = (domain, nodes, parents, separators, order);

    public Domain Domain { get; }

    /// <summary>The maximal cliques; every attribute is in at least one.</summary>
    public IReadOnlyList<Clique> Nodes { get; }

    /// <summary>By node; -1 for the root. Components hang on the root by empty separators.</summary>
    public IReadOnlyList<int> Parents { get; }

    /// <summary>By node: the attributes it shares with its parent.</summary>
    public IReadOnlyList<Clique> Separators { get; }

    /// <summary>Nodes, parents before their children.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Cells of all nodes' tables.</summary>
    public double Cells => Nodes.Sum(Domain.Cells);

    /// <summary>The first node that covers <paramref name="clique"/>; -1 when none does.</summary>
    public int NodeOf(Clique clique)
    {
        var best = -1;
        for (var node = 0; node < Nodes.Count; node++)
        {
            if (Nodes[node].Covers(clique) && (best < 0 || Domain.Cells(Nodes[node]) < Domain.Cells(Nodes[best]))) best = node;
        }

        return best;
    }

    /// <summary>The tree for a model over <paramref name="cliques"/>.</summary>
    public static JunctionTree Of(Domain domain, IEnumerable<Clique> cliques) => OfNodes(domain, Maximal(Eliminate(domain, cliques)));

    /// <summary>The tree of cliques that are known to be the maximal ones of a triangulated graph.</summary>
    public static JunctionTree OfNodes(Domain domain, IReadOnlyList<Clique> nodes)
    {
        var parents = new int[nodes.Count];
        var separators = new Clique[nodes.Count];
        var order = new List<int> { 0 };
        parents[0] = -1;
        separators[0] = domain.Clique([]);

        // Prim's algorithm: hang on what shares the most, and, of those, what has the smaller table between them.
        while (order.Count < nodes.Count)
        {
            var best = (Shared: -1, Cells: 0.0, Node: -1, Parent: -1);
            for (var node = 0; node < nodes.Count; node++)
            {
                if (order.Contains(node)) continue;
                foreach (var parent in order)
                {
                    var common = domain.Clique(nodes[node].Attributes.Where(nodes[parent].Contains));
                    var cells = domain.Cells(common);
                    if (common.Count > best.Shared || (common.Count == best.Shared && cells < best.Cells))
                    {
                        best = (common.Count, cells, node, parent);
                        separators[node] = common;
                    }
                }
            }

            parents[best.Node] = best.Parent;
            separators[best.Node] = domain.Clique(nodes[best.Node].Attributes.Where(nodes[best.Parent].Contains));
            order.Add(best.Node);
        }

        return new JunctionTree(domain, nodes, parents, separators, [.. order]);
    }

    /// <summary>Cells of the tree that <paramref name="cliques"/> would need; cheaper than making it.</summary>
    public static double CellsOf(Domain domain, IEnumerable<Clique> cliques) => Maximal(Eliminate(domain, cliques)).Sum(domain.Cells);

    private static List<Clique> Eliminate(Domain domain, IEnumerable<Clique> cliques)
    {
        var neighbours = Enumerable.Range(0, domain.Attributes).Select(a => new HashSet<int> { a }).ToArray();
        foreach (var clique in cliques)
        {
            foreach (var attribute in clique.Attributes) neighbours[attribute].UnionWith(clique.Attributes);
        }

        var left = Enumerable.Range(0, domain.Attributes).ToHashSet();
        var made = new List<Clique>();
        while (left.Count > 0)
        {
            var next = left.MinBy(a => (neighbours[a].Sum(n => Math.Log2(domain[n])), a));
            var clique = neighbours[next].ToArray();
            made.Add(domain.Clique(clique));
            left.Remove(next);
            foreach (var neighbour in clique)
            {
                neighbours[neighbour].UnionWith(clique);
                neighbours[neighbour].Remove(next);
            }
        }

        return made;
    }

    private static List<Clique> Maximal(List<Clique> cliques)
    {
        var maximal = new List<Clique>();
        foreach (var clique in cliques.OrderByDescending(c => c.Count))
        {
            if (!maximal.Exists(m => m.Covers(clique))) maximal.Add(clique);
        }

        return maximal;
    }
}

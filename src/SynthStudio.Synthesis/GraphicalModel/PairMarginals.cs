namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>
/// Marginals of pairs of attributes under a model, also of those that no clique holds: from each value of one attribute, its joint probabilities
/// with a separator are carried along the junction tree, where a clique adds p(clique | separator).
/// </summary>
/// <param name="model">Calibrated; must not change.</param>
internal sealed class PairMarginals(MarkovModel model)
{
    private readonly Dictionary<Clique, double[]> pairs = [];
    private readonly Dictionary<(int Node, int From, Clique To), Step> steps = [];

    private Domain Domain => model.Tree.Domain;

    /// <summary>Probabilities by cell, in the pair's layout.</summary>
    public double[] Of(Clique pair)
    {
        if (!pairs.ContainsKey(pair)) Walk(pair.Attributes[0]);
        return (double[])pairs[pair].Clone();
    }

    /// <summary>All pairs in which <paramref name="attribute"/> comes first.</summary>
    private void Walk(int attribute)
    {
        var home = model.Tree.NodeOf(Domain.Clique(attribute));
        var own = new double[Domain[attribute]];
        Sum(home, Domain.Clique(attribute), own);
        for (var value = 0; value < own.Length; value++)
        {
            var indicator = new double[own.Length];
            indicator[value] = own[value];
            Visit(home, -1, Domain.Clique(attribute), indicator, attribute, value);
        }
    }

    /// <param name="node">The node entered.</param>
    /// <param name="from">The neighbour it was entered from; -1 at the start.</param>
    /// <param name="known">What is known of it: the separator, or the first attribute itself.</param>
    /// <param name="joint">By cell of <paramref name="known"/>: its probability together with the value.</param>
    /// <param name="attribute">The first attribute.</param>
    /// <param name="value">Its value.</param>
    private void Visit(int node, int from, Clique known, double[] joint, int attribute, int value)
    {
        foreach (var other in model.Tree.Nodes[node].Attributes)
        {
            var pair = Domain.Clique(attribute, other);
            if (other == attribute || pair.Attributes[0] != attribute || known.Contains(other)) continue;
            var row = Table(pair).AsSpan(value * Domain[other], Domain[other]);
            StepTo(node, from, known, Domain.Clique(other)).Take(joint, row);
        }

        for (var next = 0; next < model.Tree.Nodes.Count; next++)
        {
            if (next == from || (model.Tree.Parents[next] != node && model.Tree.Parents[node] != next)) continue;
            var separator = model.Tree.Parents[next] == node ? model.Tree.Separators[next] : model.Tree.Separators[node];
            var carried = new double[(int)Domain.Cells(separator)];
            StepTo(node, from, known, separator).Take(joint, carried);
            Visit(next, node, separator, carried, attribute, value);
        }
    }

    private double[] Table(Clique pair)
    {
        if (!pairs.TryGetValue(pair, out var table)) pairs[pair] = table = new double[(int)Domain.Cells(pair)];
        return table;
    }

    private Step StepTo(int node, int from, Clique known, Clique to)
    {
        // At its start a walk knows the attribute itself, which is another step for each.
        var key = (node, from < 0 ? -1 - known.Attributes[0] : from, to);
        if (!steps.TryGetValue(key, out var step)) steps[key] = step = new Step(this, node, known, to);
        return step;
    }

    private void Sum(int node, Clique clique, double[] result) => new Projection(Domain, model.Tree.Nodes[node], clique).Sum(model.Probabilities[node], result);

    /// <summary>p(to | known) within a node, where the two may overlap.</summary>
    private sealed class Step
    {
        private readonly Projection toKnown;
        private readonly Projection toTarget;
        private readonly double[] conditional;
        private readonly double[] product;

        public Step(PairMarginals owner, int node, Clique known, Clique to)
        {
            var both = owner.Domain.Clique(known.Attributes.Concat(to.Attributes));
            toKnown = new Projection(owner.Domain, both, known);
            toTarget = new Projection(owner.Domain, both, to);
            conditional = new double[toKnown.WideCells];
            product = new double[toKnown.WideCells];
            owner.Sum(node, both, conditional);
            var given = new double[toKnown.NarrowCells];
            toKnown.Sum(conditional, given);
            toKnown.Multiply(conditional, Array.ConvertAll(given, p => p > 0 ? 1 / p : 0), conditional);
        }

        public void Take(double[] joint, Span<double> target)
        {
            toKnown.Multiply(conditional, joint, product);
            toTarget.Sum(product, target);
        }
    }
}

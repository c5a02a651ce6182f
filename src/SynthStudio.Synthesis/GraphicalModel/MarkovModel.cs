using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>
/// A distribution p(x) proportional to exp(sum of potentials), one potential a node of a junction tree. Marginals by belief propagation in log
/// space (Hugin: a clique is calibrated once its messages went up and down the tree).
/// </summary>
internal sealed class MarkovModel
{
    /// <summary>A separator cell with less of its node, relative to the greatest cell, counts as impossible: its inverse would overflow.</summary>
    private const double LeastMass = 1e-300;

    private readonly Projection[] toSeparator;
    private readonly Projection?[] parentToSeparator;
    private readonly double[][] messages;
    private readonly double[][] beliefs;
    private readonly double[] separator;

    public MarkovModel(JunctionTree tree)
    {
        Tree = tree;
        var domain = tree.Domain;
        Potentials = [.. tree.Nodes.Select(node => new double[(int)domain.Cells(node)])];
        beliefs = [.. Potentials.Select(p => new double[p.Length])];
        toSeparator = [.. tree.Nodes.Select((node, i) => new Projection(domain, node, tree.Separators[i]))];
        parentToSeparator = [.. tree.Nodes.Select((_, i) =>
            tree.Parents[i] < 0 ? null : new Projection(domain, tree.Nodes[tree.Parents[i]], tree.Separators[i]))];
        messages = [.. toSeparator.Select(p => new double[p.NarrowCells])];
        separator = new double[toSeparator.Max(p => p.NarrowCells)];
        Probabilities = beliefs;
    }

    public JunctionTree Tree { get; }

    /// <summary>By node, by cell: natural logarithms; negative infinity forbids a cell.</summary>
    public double[][] Potentials { get; }

    /// <summary>By node, by cell, after <see cref="Calibrate"/>: each sums to 1 and they agree on what they share.</summary>
    public double[][] Probabilities { get; }

    /// <summary>Logarithm of the sum over all rows of exp(sum of potentials), after <see cref="Calibrate"/>.</summary>
    public double LogPartition { get; private set; }

    /// <summary>Computes <see cref="Probabilities"/> and <see cref="LogPartition"/> from <see cref="Potentials"/>.</summary>
    /// <exception cref="ArithmeticException">No row is possible.</exception>
    public void Calibrate()
    {
        for (var node = 0; node < beliefs.Length; node++) Potentials[node].CopyTo(beliefs[node], 0);
        for (var i = Tree.Order.Count - 1; i > 0; i--) Collect(Tree.Order[i]);
        var root = Tree.Order[0];
        var shift = Exponentiate(beliefs[root], beliefs[root]);
        var total = TensorPrimitives.Sum<double>(beliefs[root]);
        LogPartition = shift + Math.Log(total);
        if (!double.IsFinite(LogPartition)) throw new ArithmeticException("No row is possible under the model's zeros.");
        TensorPrimitives.Divide(beliefs[root], total, beliefs[root]);
        for (var i = 1; i < Tree.Order.Count; i++) Distribute(Tree.Order[i]);
    }

    /// <summary>The node's table summed to its separator, in logs, multiplied into the parent.</summary>
    private void Collect(int node)
    {
        // The exponentials of a node that has sent its message wait, divided by the message, for the answer from above.
        var (own, message) = (beliefs[node], messages[node]);
        var shift = Exponentiate(own, own);
        toSeparator[node].Sum(own, message);
        var answer = separator.AsSpan(0, message.Length);
        for (var cell = 0; cell < message.Length; cell++)
        {
            answer[cell] = message[cell] > LeastMass ? 1 / message[cell] : 0;
            message[cell] = Math.Log(message[cell]) + shift;
        }

        toSeparator[node].Multiply(own, answer, own);
        parentToSeparator[node]!.Add(beliefs[Tree.Parents[node]], message);
    }

    /// <summary>p(node) = p(node | separator) p(separator).</summary>
    private void Distribute(int node)
    {
        var above = separator.AsSpan(0, messages[node].Length);
        parentToSeparator[node]!.Sum(beliefs[Tree.Parents[node]], above);
        toSeparator[node].Multiply(beliefs[node], above, beliefs[node]);
    }

    /// <summary>exp(x - max x), and max x.</summary>
    private static double Exponentiate(ReadOnlySpan<double> logarithms, Span<double> powers)
    {
        var most = TensorPrimitives.Max(logarithms);
        if (double.IsNegativeInfinity(most)) throw new ArithmeticException("No row is possible under the model's zeros.");
        TensorPrimitives.Subtract(logarithms, most, powers);
        TensorPrimitives.Exp<double>(powers, powers);
        return most;
    }
}

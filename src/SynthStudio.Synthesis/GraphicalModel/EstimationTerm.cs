using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>Everything measured of one clique: as good as one measurement with the mean of the counts, weighted by precision.</summary>
internal sealed class EstimationTerm
{
    private readonly double[] counts;
    private readonly double[] precisions;
    private double[] marginal;
    private double[] oldMarginal;
    private double[] gradient;
    private double[] weighted;

    public EstimationTerm(JunctionTree tree, Clique clique, Measurement[] measurements, double[] parameters)
    {
        Node = tree.NodeOf(clique);
        Projection = new Projection(tree.Domain, tree.Nodes[Node], clique);
        Parameters = parameters;
        counts = new double[parameters.Length];
        precisions = new double[parameters.Length];
        foreach (var m in measurements)
        {
            var precision = 1 / (m.Deviation * m.Deviation);
            for (var cell = 0; cell < counts.Length; cell++)
            {
                var own = precision / (m.Merged?[cell] ?? 1);
                precisions[cell] += own;
                counts[cell] += own * m.Counts[cell];
            }
        }

        TensorPrimitives.Divide(counts, precisions, counts);
        Precision = TensorPrimitives.Max<double>(precisions);
        (marginal, oldMarginal) = (new double[counts.Length], new double[counts.Length]);
        (gradient, OldGradient, weighted) = (new double[counts.Length], new double[counts.Length], new double[counts.Length]);
    }

    public int Node { get; }

    public Projection Projection { get; }

    public double[] Parameters { get; }

    /// <summary>The greatest of its cells.</summary>
    public double Precision { get; }

    public double[] OldGradient { get; private set; }

    /// <summary>The term's loss; keeps marginal and gradient.</summary>
    public double Evaluate(double[] probabilities, double rows)
    {
        Projection.Sum(probabilities, marginal);
        TensorPrimitives.Multiply(marginal, rows, marginal);
        TensorPrimitives.Subtract(marginal, counts, gradient);
        TensorPrimitives.Multiply(gradient, precisions, weighted);
        var loss = 0.5 * TensorPrimitives.Dot<double>(gradient, weighted);
        (gradient, weighted) = (weighted, gradient);
        return loss;
    }

    /// <summary>Makes what was evaluated last the point that a step starts from.</summary>
    public void Turn() => (marginal, oldMarginal, gradient, OldGradient) = (oldMarginal, marginal, OldGradient, gradient);

    /// <summary>What the gradient foretells of moving to where the term was evaluated last: the inner product with the way back.</summary>
    public double Advance() => TensorPrimitives.Dot(OldGradient, oldMarginal) - TensorPrimitives.Dot(OldGradient, marginal);
}

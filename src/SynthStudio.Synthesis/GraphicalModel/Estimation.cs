using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>
/// Finds the model of greatest entropy among those that fit noisy marginals best: minimises the squared errors over their variances by mirror
/// descent in the marginal polytope (McKenna, Sheldon, Miklau, Graphical-model based estimation, arXiv:1901.09136, algorithm 1). The parameters
/// stand at the measured cliques, so that a later fit over more of them starts where this one ended.
/// </summary>
internal sealed class Estimation
{
    private readonly Domain domain;
    private readonly double rows;
    private readonly IReadOnlyList<StructuralZeros> zeros;
    private readonly Dictionary<Clique, double[]> parameters = [];
    private double step;

    /// <param name="domain">The attributes.</param>
    /// <param name="rows">Total of all counts, public or paid for.</param>
    /// <param name="zeros">Cells that are impossible.</param>
    public Estimation(Domain domain, double rows, IReadOnlyList<StructuralZeros> zeros) => (this.domain, this.rows, this.zeros) = (domain, rows, zeros);

    /// <summary>Iterations of the newest fit.</summary>
    public int Iterations { get; private set; }

    /// <summary>Half the sum of squared errors over variances, of the newest fit.</summary>
    public double Loss { get; private set; }

    /// <summary>Fits all of <paramref name="measurements"/>, starting from the newest fit.</summary>
    /// <param name="measurements">At least one.</param>
    /// <param name="options">When to stop.</param>
    /// <param name="cancellation">Looked at in every iteration.</param>
    public MarkovModel Fit(IReadOnlyList<Measurement> measurements, EstimationOptions options, CancellationToken cancellation)
    {
        var tree = JunctionTree.Of(domain, [.. measurements.Select(m => m.Clique), .. zeros.Select(z => z.Clique)]);
        var model = new MarkovModel(tree);
        var terms = measurements.GroupBy(m => m.Clique)
            .Select(group => new EstimationTerm(tree, group.Key, [.. group], Parameters(group.Key)))
            .ToArray();
        var impossible = zeros
            .Select(z => (Node: tree.NodeOf(z.Clique), z))
            .Select(z => (z.Node, z.z, Projection: new Projection(domain, tree.Nodes[z.Node], z.z.Clique)))
            .ToArray();
        var before = terms.Select(t => new double[t.Parameters.Length]).ToArray();
        var safe = rows * terms.Sum(t => t.Precision); // the inverse of a step that always improves
        if (step == 0) step = 1 / safe;
        Loss = Evaluate();
        var (watched, watchedAt) = (Loss, 0);
        for (Iterations = 0; Iterations < options.MostIterations && !(Iterations > 0 && options.Enough()); Iterations++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var t = 0; t < terms.Length; t++)
            {
                terms[t].Parameters.CopyTo(before[t], 0);
                terms[t].Turn();
            }

            var improvement = Descend();
            if (improvement <= 0 && step * safe < options.LeastStep) break;
            if (Iterations - watchedAt < options.Patience) continue;
            if (watched - Loss <= options.Tolerance * watched) break;
            (watched, watchedAt) = (Loss, Iterations);
        }

        return model;

        double Descend()
        {
            while (true)
            {
                for (var t = 0; t < terms.Length; t++)
                    TensorPrimitives.MultiplyAdd(terms[t].OldGradient, -step, before[t], terms[t].Parameters);
                var loss = Evaluate();
                var expected = terms.Sum(t => t.Advance());
                if (Loss - loss >= 0.5 * expected)
                {
                    var gained = Loss - loss;
                    Loss = loss;
                    step = Math.Min(step * options.Growth, options.MostStep / safe);
                    return gained;
                }

                step *= 0.5;
                if (step * safe < options.LeastStep)
                {
                    for (var t = 0; t < terms.Length; t++) before[t].CopyTo(terms[t].Parameters, 0);
                    Loss = Evaluate();
                    return 0;
                }
            }
        }

        double Evaluate()
        {
            foreach (var potentials in model.Potentials) Array.Clear(potentials);
            foreach (var (node, zero, projection) in impossible) projection.Add(model.Potentials[node], zero.Logarithms);
            foreach (var term in terms) term.Projection.Add(model.Potentials[term.Node], term.Parameters);
            model.Calibrate();
            return terms.Sum(t => t.Evaluate(model.Probabilities[t.Node], rows));
        }
    }

    /// <summary>Starts the parameters of single attributes where the measurements are, noise floor and all, instead of at equal shares.</summary>
    public void StartAt(IEnumerable<Measurement> singles)
    {
        foreach (var single in singles)
        {
            var table = Parameters(single.Clique);
            for (var cell = 0; cell < table.Length; cell++) table[cell] = Math.Log(Math.Max(single.Counts[cell], single.Deviation / 4));
        }
    }

    private double[] Parameters(Clique clique)
    {
        if (!parameters.TryGetValue(clique, out var table)) parameters[clique] = table = new double[(int)domain.Cells(clique)];
        return table;
    }
}

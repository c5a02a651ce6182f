using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Tests.GraphicalModel;

/// <summary>The same things as the graphical model, computed over every possible row.</summary>
internal sealed class BruteForce
{
    private readonly Domain domain;
    private readonly List<int[]> rows = [];
    private readonly double[] logarithms;

    public BruteForce(MarkovModel model)
    {
        domain = model.Tree.Domain;
        for (var number = 0L; number < Enumerable.Range(0, domain.Attributes).Aggregate(1L, (n, a) => n * domain[a]); number++) rows.Add(Row(number));
        logarithms = [.. rows.Select(row => model.Tree.Nodes.Select((node, i) => model.Potentials[i][Cell(node, row)]).Sum())];
        LogPartition = Math.Log(logarithms.Sum(Math.Exp));
    }

    public double LogPartition { get; }

    public double[] Marginal(Clique clique)
    {
        var marginal = new double[(int)domain.Cells(clique)];
        for (var i = 0; i < rows.Count; i++) marginal[Cell(clique, rows[i])] += Math.Exp(logarithms[i] - LogPartition);
        return marginal;
    }

    /// <summary>A model over random cliques with random potentials.</summary>
    public static MarkovModel RandomModel(long seed)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 1);
        var domain = new Domain([.. Enumerable.Range(0, 6).Select(_ => 1 + random.NextInt(4))]);
        var cliques = Enumerable.Range(0, random.NextInt(7))
            .Select(_ => domain.Clique(Enumerable.Range(0, 1 + random.NextInt(3)).Select(_ => random.NextInt(6))))
            .ToList();
        var model = new MarkovModel(JunctionTree.Of(domain, cliques));
        foreach (var potentials in model.Potentials) for (var cell = 0; cell < potentials.Length; cell++) potentials[cell] = 3 * random.NextGaussian();
        return model;
    }

    private int[] Row(long number)
    {
        var row = new int[domain.Attributes];
        for (var a = 0; a < row.Length; a++) (row[a], number) = ((int)(number % domain[a]), number / domain[a]);
        return row;
    }

    private int Cell(Clique clique, int[] row) => clique.Attributes.Aggregate(0, (cell, a) => cell * domain[a] + row[a]);
}

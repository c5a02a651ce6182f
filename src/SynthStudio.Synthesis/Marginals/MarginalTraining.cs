using System.Numerics.Tensors;
using SynthStudio.Synthesis.GraphicalModel;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>What all marginal methods begin with, and the model as it grows: columns measured by themselves, then whatever a method adds.</summary>
internal sealed class MarginalTraining
{
    /// <summary>Names of the phases of every plan.</summary>
    public const string Single = "single", Distance = "distance", Pair = "pair";

    /// <summary>Releases of each column by itself, on average.</summary>
    public const int SlotsPerColumn = 4;

    private readonly NoisyMarginals noisy;
    private readonly List<Measurement> measurements;
    private readonly Estimation estimation;
    private readonly Func<bool> timeIsOver;
    private readonly CancellationToken cancellation;

    /// <summary>Measures the columns by themselves and fits a model in which they are independent.</summary>
    /// <param name="domain">Sizes of the columns as they are declared.</param>
    /// <param name="cells">The private table.</param>
    /// <param name="noisy">Makes a source of noisy marginals over a domain and table.</param>
    /// <param name="rows">Rows, where they are public; null estimates them from what is measured.</param>
    /// <param name="zeros">Combinations that rules exclude, over the merged domain.</param>
    /// <param name="ruled">Whether rules speak of a column: its cells are not merged.</param>
    /// <param name="timeIsOver">Ends every fit after an iteration.</param>
    /// <param name="cancellation">Looked at in every iteration.</param>
    public MarginalTraining(
        Domain domain, ushort[][] cells, Func<Domain, CountTable, NoisyMarginals> noisy, long? rows, Func<Domain, IReadOnlyList<StructuralZeros>> zeros,
        Predicate<int> ruled, Func<bool> timeIsOver, CancellationToken cancellation)
    {
        (this.timeIsOver, this.cancellation) = (timeIsOver, cancellation);
        var cliques = Enumerable.Range(0, domain.Attributes).Select(a => domain.Clique(a)).ToList();
        var slots = Slots.Deal(SlotsPerColumn * domain.Attributes, cliques.ConvertAll(domain.Cells));
        Singles = noisy(domain, new CountTable(domain, cells)).Measure(Single, [.. cliques.Zip(slots)]);
        Rows = rows ?? EstimateRows(Singles);
        Compression = ColumnCompression.Of(Singles, ruled);
        measurements = [.. Singles.Select(Compression.Apply)];
        this.noisy = noisy(Domain, new CountTable(Domain, Compression.Apply(cells)));
        estimation = new Estimation(Domain, Rows, zeros(Domain));
        estimation.StartAt(measurements);
        Model = Fit();
    }

    /// <summary>Sizes of the columns with their rare cells merged.</summary>
    public Domain Domain => Compression.Domain;

    public ColumnCompression Compression { get; }

    /// <summary>The columns' own measurements, before merging.</summary>
    public IReadOnlyList<Measurement> Singles { get; }

    /// <summary>Rows of the table, public or estimated.</summary>
    public double Rows { get; }

    /// <summary>The newest fit.</summary>
    public MarkovModel Model { get; private set; }

    /// <summary>Iterations of all fits.</summary>
    public int Iterations { get; private set; }

    /// <summary>Half the sum of squared errors over variances, of the newest fit.</summary>
    public double Loss => estimation.Loss;

    /// <summary>Noisy distances of cliques of merged cells from what the newest fit expects.</summary>
    public double[] Distances(string phase, IReadOnlyList<Clique> cliques, Func<Clique, double[]> probabilities) => noisy.Distances(phase, cliques, clique =>
    {
        var expected = probabilities(clique);
        TensorPrimitives.Multiply(expected, Rows, expected);
        return expected;
    });

    /// <summary>Measures more cliques and fits anew; without any, the columns by themselves once more, so that the budget is of some use.</summary>
    /// <param name="phase">The plan's phase.</param>
    /// <param name="cliques">What to measure, and how many releases each gets.</param>
    /// <param name="slots">Releases of the phase.</param>
    public void Add(string phase, IReadOnlyList<(Clique Clique, int Slots)> cliques, int slots)
    {
        if (cliques.Count == 0)
        {
            var columns = Enumerable.Range(0, Domain.Attributes).Select(a => Domain.Clique(a)).ToList();
            if (slots < columns.Count) return;
            cliques = [.. columns.Zip(Slots.Deal(slots, columns.ConvertAll(Domain.Cells)))];
        }

        measurements.AddRange(noisy.Measure(phase, cliques));
        Model = Fit();
    }

    /// <summary>What columns would be like together if they were independent: the product of what the newest fit says of each.</summary>
    public double[] Independent(Clique pair)
    {
        var (slow, fast) = (Marginal(pair.Attributes[0]), Marginal(pair.Attributes[1]));
        var product = new double[slow.Length * fast.Length];
        for (var i = 0; i < slow.Length; i++) TensorPrimitives.Multiply(fast, slow[i], product.AsSpan(i * fast.Length, fast.Length));
        return product;
    }

    /// <summary>A column's probabilities under the newest fit.</summary>
    public double[] Marginal(int column)
    {
        var clique = Domain.Clique(column);
        var node = Model.Tree.NodeOf(clique);
        var marginal = new double[Domain[column]];
        new Projection(Domain, Model.Tree.Nodes[node], clique).Sum(Model.Probabilities[node], marginal);
        return marginal;
    }

    /// <summary>By column, by cell as declared: its share of the cell it was merged into, by its own measurement.</summary>
    public float[][] CellShares() => [.. Singles.Select((single, column) =>
    {
        var counts = Array.ConvertAll(single.Counts, count => Math.Max(count, single.Deviation / 100));
        var sums = new double[Domain[column]];
        for (var cell = 0; cell < counts.Length; cell++) sums[Compression.Codes[column][cell]] += counts[cell];
        return counts.Select((count, cell) => (float)(count / sums[Compression.Codes[column][cell]])).ToArray();
    })];

    private MarkovModel Fit()
    {
        var model = estimation.Fit(measurements, new EstimationOptions { Enough = timeIsOver }, cancellation);
        Iterations += estimation.Iterations;
        return model;
    }

    /// <summary>The estimate of least variance: every column's counts add up to the rows, with noise of its own variance.</summary>
    private static double EstimateRows(IReadOnlyList<Measurement> singles)
    {
        double sum = 0, precision = 0;
        foreach (var single in singles)
        {
            var own = 1 / (single.Deviation * single.Deviation * single.Counts.Length);
            sum += own * TensorPrimitives.Sum<double>(single.Counts);
            precision += own;
        }

        return Math.Max(1, Math.Round(sum / precision));
    }
}

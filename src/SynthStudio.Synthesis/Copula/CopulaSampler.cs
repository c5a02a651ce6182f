using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Randomness;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace SynthStudio.Synthesis.Copula;

/// <summary>
/// Draws latent rows z = L ε with L Lᵀ = R. Given columns come first in the order of L, so that a condition restricts the first elements of ε and
/// all others follow freely: the conditional normal distribution, without inverting anything. A given value leaves the whole interval of its cell,
/// a range the intervals of its cells; a cell that a range cuts, and where a value lies in its cell, are drawn in their shares.
/// <list type="bullet">
/// <item>Conditions that are each an interval (values, ranges, a single category) are drawn together, from means at which nearly every row can be
/// kept (<see cref="MinimaxTilting"/>); the rows that are kept are exactly those of the conditional distribution.</item>
/// <item>The first set of categories is drawn by its shares. Any further one is drawn variable by variable, each given the former, which needs a
/// weight (Geweke 1991; Hajivassiliou and McFadden 1998): rows are kept with their weight, exact too, where one in <see cref="MostTries"/> is. Sets
/// less likely than that take one of <see cref="Candidates"/> rows by weight: exact in the limit of many.</item>
/// </list>
/// </summary>
internal sealed class CopulaSampler : ICellSampler
{
    private const int Candidates = 256, MostTries = 500, PilotRows = 2_000;

    /// <summary>A variable with fewer of its values admitted than this comes first, where gaps cost nothing.</summary>
    private const double FewAdmitted = 0.5;

    private readonly IReadOnlyList<LatentColumn> columns;
    private readonly double[][] factor;
    private readonly int[] place;
    private readonly List<GivenColumn> given;
    private readonly CutNormal cuts;
    private readonly List<GivenColumn> sets;
    private readonly LatentCut[][] cutsToCell = [];
    private readonly int restricted;
    private readonly int cutCount;
    private readonly bool isAccepted;

    /// <param name="columns">By modelled column.</param>
    /// <param name="correlations">R, positive definite.</param>
    /// <param name="conditions">What every row must meet.</param>
    /// <param name="seed">Of the trial rows that tell how likely the conditions are.</param>
    public CopulaSampler(IReadOnlyList<LatentColumn> columns, double[,] correlations, CellConditions conditions, long seed)
    {
        this.columns = columns;
        given = [.. Enumerable.Range(0, columns.Count)
            .Where(c => conditions[c] is not null)
            .Select(c => new GivenColumn(columns[c], conditions[c]!))];
        if (given.Exists(column => !(column.Cells.Total > 0))) throw Unlikely();
        sets = given.FindAll(column => column.Cuts is null);
        LatentCut[] intervals = [.. given.SelectMany(column => column.Cuts ?? [])
            .OrderBy(cut => cut.Density < FewAdmitted ? cut.Density : 1)
            .ThenBy(cut => cut.Mass)];
        var order = intervals.Select(cut => cut.Variable)
            .Concat(sets.SelectMany(column => Enumerable.Range(column.Latent.First, column.Latent.Count)))
            .ToList();
        (cutCount, restricted) = (intervals.Length, order.Count);
        order.AddRange(Enumerable.Range(0, correlations.GetLength(0)).Except(order.ToArray()));
        factor = Cholesky.Factor(correlations, [.. order]);
        place = new int[order.Count];
        for (var i = 0; i < order.Count; i++) place[order[i]] = i;
        cuts = new CutNormal(factor, intervals);
        if (intervals.Length == 0 && sets is [var first, ..]) cutsToCell = [.. first.Shares.Select((share, cell) => share > 0 ? first.CutsTo(cell) : [])];
        isAccepted = restricted == 0 || MeanWeight(new SeededStream(seed, StreamPurpose.ConditionTrial, 0)) * MostTries >= 1;
    }

    public ushort[][] Draw(int rows, SeededStream random, CancellationToken cancellation)
    {
        var cells = columns.Select(_ => new ushort[rows]).ToArray();
        var noise = new double[factor.Length];
        for (var row = 0; row < rows; row++)
        {
            if (row % 256 == 0) cancellation.ThrowIfCancellationRequested();
            if (isAccepted) BeginAccepted(noise, random);
            else BeginChosen(noise, random);
            for (var i = restricted; i < noise.Length; i++) noise[i] = random.NextGaussian();
            for (var c = 0; c < columns.Count; c++) cells[c][row] = (ushort)CellOf(columns[c], noise);
        }

        return cells;
    }

    private void BeginAccepted(double[] noise, SeededStream random)
    {
        // The limit only guards against conditions that the trial rows met by luck.
        for (var tries = 0; tries < 1_000 * MostTries; tries++)
        {
            var weight = Begin(noise, random);
            if (weight >= 1 || random.NextDouble() < weight) return;
        }

        throw Unlikely();
    }

    /// <summary>Reservoir sampling of one candidate in proportion to its weight.</summary>
    private void BeginChosen(double[] noise, SeededStream random)
    {
        var chosen = new double[restricted];
        double total = 0;
        for (var i = 0; i < Candidates || (total == 0 && i < 1_000 * Candidates); i++)
        {
            var weight = Begin(noise, random);
            total += weight;
            if (weight > 0 && random.NextDouble() * total < weight) noise.AsSpan(0, restricted).CopyTo(chosen);
        }

        if (total == 0) throw Unlikely();
        chosen.CopyTo(noise.AsSpan());
    }

    /// <summary>Draws the given part of a row.</summary>
    /// <returns>Its weight, 0 to 1.</returns>
    private double Begin(double[] noise, SeededStream random)
    {
        var weight = cuts.Draw(noise, random);
        var next = cutCount;
        foreach (var column in sets)
        {
            if (weight <= 0) return 0;
            if (next == 0) BeginSet(column, noise, random);
            else weight *= ContinueSet(column, next, noise, random);
            next += column.Latent.Count;
        }

        // Rounding may carry a value over the end of its interval.
        return given.TrueForAll(column => column.Admits(CellOf(column.Latent, noise))) ? weight : 0;
    }

    /// <summary>Draws a cell by its share, then variables that make it: those of one column are independent.</summary>
    private void BeginSet(GivenColumn column, double[] noise, SeededStream random)
    {
        var cell = column.Cells.At(random.NextDouble());
        for (var i = 0; i < column.Latent.Count; i++) noise[i] = random.NextGaussian();
        foreach (var cut in cutsToCell[cell])
        {
            var next = place[cut.Variable];
            var mean = Mean(next, noise);
            noise[next] = (Gaussian.Truncated(cut.Low, cut.High, random.NextDouble()) - mean) / factor[next][next];
        }
    }

    /// <summary>Draws variables one after the other, each cut to what the former leave.</summary>
    /// <returns>The chance of them.</returns>
    private double ContinueSet(GivenColumn column, int next, double[] noise, SeededStream random)
    {
        var weight = 1.0;
        var isDecided = false;
        for (var i = 0; i < column.Latent.Count; i++, next++)
        {
            if (isDecided)
            {
                noise[next] = random.NextGaussian();
                continue;
            }

            var isStick = i < column.Latent.Sticks.Length;
            var (low, high) = isStick ? StickInterval(column, i) : column.Hull;
            var (mean, deviation) = (Mean(next, noise), factor[next][next]);
            (low, high) = ((low - mean) / deviation, (high - mean) / deviation);
            weight *= Gaussian.Between(low, high);
            if (weight <= 0) return 0;
            noise[next] = double.IsInfinity(low) && double.IsInfinity(high) ? random.NextGaussian() : Gaussian.Truncated(low, high, random.NextDouble());
            isDecided = isStick && mean + deviation * noise[next] < column.Latent.StickThresholds[i];
        }

        return weight * column.Shares[CellOf(column.Latent, noise)];
    }

    private static (double Low, double High) StickInterval(GivenColumn column, int stick)
    {
        var threshold = column.Latent.StickThresholds[stick];
        return (column.MayTake(stick) ? double.NegativeInfinity : threshold, column.MayPass(stick) ? double.PositiveInfinity : threshold);
    }

    private int CellOf(LatentColumn column, double[] noise)
    {
        for (var stick = 0; stick < column.Sticks.Length; stick++)
        {
            if (Value(column.First + stick, noise) < column.StickThresholds[stick]) return column.Sticks[stick];
        }

        return column.Tail.Length == 1 ? column.Tail[0] : column.Tail[column.TailIndex(Value(column.First + column.Count - 1, noise))];
    }

    private double Value(int variable, double[] noise)
    {
        var row = factor[place[variable]];
        return TensorPrimitives.Dot<double>(row, noise.AsSpan(0, row.Length));
    }

    private double Mean(int index, double[] noise) => TensorPrimitives.Dot<double>(factor[index].AsSpan(0, index), noise.AsSpan(0, index));

    private double MeanWeight(SeededStream random)
    {
        var noise = new double[factor.Length];
        return Enumerable.Range(0, PilotRows).Average(_ => Begin(noise, random));
    }

    private static SynthesisException Unlikely() => new(
        SynthesisError.ImpossibleCondition, "The conditions together are so unlikely that this model draws no row that meets them.");
}

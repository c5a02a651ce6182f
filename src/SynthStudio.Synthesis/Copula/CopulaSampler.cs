using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Randomness;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace SynthStudio.Synthesis.Copula;

/// <summary>
/// Draws latent rows z = L ε with L Lᵀ = R. Given columns come first in the order of L, so that a condition fixes or restricts the first
/// elements of ε and all others follow freely: the conditional normal distribution, without inverting anything.
/// <list type="bullet">
/// <item>Numbers given as values (points) are constants in ε: the middle of their cell, which stands for up to 2 % of the rows.</item>
/// <item>One restricted variable (a boolean, a range, the most frequent category) is met exactly: its ε is drawn from a truncated normal.</item>
/// <item>Several restricted variables are drawn one after the other, each truncated given the former (Geweke 1991; Hajivassiliou and
/// McFadden 1998), which needs a weight. Where at least one in <see cref="MostTries"/> rows is accepted, rows are accepted with their weight:
/// exact again. Conditions less likely than that take one of <see cref="Candidates"/> rows by weight: exact in the limit of many.</item>
/// </list>
/// </summary>
internal sealed class CopulaSampler : ICellSampler
{
    private const int Candidates = 256, MostTries = 500, PilotRows = 2_000;

    private readonly IReadOnlyList<LatentColumn> columns;
    private readonly double[][] factor;
    private readonly int[] place;
    private readonly double[] points;
    private readonly List<GivenColumn> restricted = [];
    private readonly int restrictedEnd;
    private readonly bool isWeighted;
    private readonly bool isAccepted;

    /// <param name="columns">By modelled column.</param>
    /// <param name="correlations">R, positive definite.</param>
    /// <param name="conditions">What every row must meet.</param>
    /// <param name="seed">Of the trial rows that tell how likely the conditions are.</param>
    public CopulaSampler(IReadOnlyList<LatentColumn> columns, double[,] correlations, CellConditions conditions, long seed)
    {
        this.columns = columns;
        var given = Enumerable.Range(0, columns.Count)
            .Where(c => conditions[c] is not null).Select(c => new GivenColumn(c, columns[c], conditions[c]!)).ToList();
        restricted = given.FindAll(column => column.Intervals.Any());
        var order = given.Where(column => column.Point is not null).Select(column => column.LastVariable)
            .Concat(restricted.SelectMany(column => column.Intervals)).ToList();
        restrictedEnd = order.Count;
        order.AddRange(Enumerable.Range(0, correlations.GetLength(0)).Except(order.ToArray()));
        factor = Cholesky.Factor(correlations, [.. order]);
        place = new int[order.Count];
        for (var i = 0; i < order.Count; i++) place[order[i]] = i;
        points = Points([.. given.Select(column => column.Point).OfType<double>()]);
        isWeighted = restrictedEnd - points.Length > 1 || restricted.Exists(column => Array.Exists(column.Shares, share => share is > 0 and < 1));
        isAccepted = !isWeighted || MeanWeight(new SeededStream(seed, StreamPurpose.ConditionTrial, 0)) * MostTries >= 1;
    }

    public ushort[][] Draw(int rows, SeededStream random, CancellationToken cancellation)
    {
        var cells = columns.Select(_ => new ushort[rows]).ToArray();
        var noise = new double[factor.Length];
        for (var row = 0; row < rows; row++)
        {
            if (row % 256 == 0) cancellation.ThrowIfCancellationRequested();
            if (!isWeighted) Begin(noise, random);
            else if (isAccepted) BeginAccepted(noise, random);
            else BeginChosen(noise, random);
            for (var i = restrictedEnd; i < noise.Length; i++) noise[i] = random.NextGaussian();
            for (var c = 0; c < columns.Count; c++) cells[c][row] = (ushort)CellOf(columns[c], noise);
        }

        return cells;
    }

    /// <summary>The constants that give the first variables their values.</summary>
    private double[] Points(double[] values)
    {
        var noise = new double[values.Length];
        for (var i = 0; i < noise.Length; i++) noise[i] = (values[i] - Mean(i, noise)) / factor[i][i];
        return noise;
    }

    private void BeginAccepted(double[] noise, SeededStream random)
    {
        // The limit only guards against conditions that the trial rows met by luck.
        for (var tries = 0; tries < 1_000 * MostTries; tries++)
        {
            var weight = Begin(noise, random);
            if (random.NextDouble() < weight) return;
        }

        throw Unlikely();
    }

    /// <summary>Reservoir sampling of one candidate in proportion to its weight.</summary>
    private void BeginChosen(double[] noise, SeededStream random)
    {
        var chosen = new double[restrictedEnd];
        double total = 0;
        for (var i = 0; i < Candidates || (total == 0 && i < 1_000 * Candidates); i++)
        {
            var weight = Begin(noise, random);
            total += weight;
            if (weight > 0 && random.NextDouble() * total < weight) noise.AsSpan(0, restrictedEnd).CopyTo(chosen);
        }

        if (total == 0) throw Unlikely();
        chosen.CopyTo(noise.AsSpan());
    }

    /// <summary>Draws the given part of a row.</summary>
    /// <returns>Its weight, 0 to 1: the chance of each restriction given the former ones; the first one's is the same for all rows and left out.</returns>
    private double Begin(double[] noise, SeededStream random)
    {
        points.CopyTo(noise.AsSpan());
        var weight = 1.0;
        var next = points.Length;
        foreach (var column in restricted)
        {
            var isDecided = false;
            foreach (var variable in column.Intervals)
            {
                var stick = variable - column.Latent.First;
                if (isDecided)
                {
                    noise[next++] = random.NextGaussian();
                    continue;
                }

                var (low, high) = stick < column.Latent.Sticks.Length ? StickInterval(column, stick) : column.Hull();
                var (mean, deviation) = (Mean(next, noise), factor[next][next]);
                (low, high) = ((low - mean) / deviation, (high - mean) / deviation);
                if (next > points.Length) weight *= Gaussian.Between(low, high);
                if (weight <= 0) return 0;
                noise[next] = double.IsInfinity(low) && double.IsInfinity(high) ? random.NextGaussian() : Gaussian.Truncated(low, high, random.NextDouble());
                isDecided = stick < column.Latent.Sticks.Length && mean + deviation * noise[next] < column.Latent.StickThresholds[stick];
                next++;
            }

            weight *= column.Shares[CellOf(column.Latent, noise)];
        }

        return weight;
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

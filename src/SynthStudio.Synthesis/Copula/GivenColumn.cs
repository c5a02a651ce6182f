namespace SynthStudio.Synthesis.Copula;

/// <summary>A condition on a column in terms of its latent variables.</summary>
/// <param name="Column">Index of the modelled column.</param>
/// <param name="Latent">The column's variables.</param>
/// <param name="Shares">By cell: the share of its mass that is admitted.</param>
internal sealed record GivenColumn(int Column, LatentColumn Latent, double[] Shares)
{
    /// <summary>A number whose cell holds at most this share of the rows is taken as the point in the middle of its cell.</summary>
    private const double PointMass = 0.02;

    /// <summary>The place in the tail that must be taken; -1 when several may be.</summary>
    private int OnlyTail { get; } =
        Shares.Count(share => share > 0) == 1 ? Array.FindIndex(Latent.Tail, cell => Shares[cell] > 0) : -1;

    /// <summary>The value that the last variable must have; null when it may have more than one.</summary>
    public double? Point
    {
        get
        {
            if (OnlyTail < 0 || Latent.Tail.Length < 2) return null;
            var (low, high) = Latent.TailInterval(OnlyTail);
            var (from, to) = (Gaussian.Below(low), Gaussian.Below(high));
            return to - from <= PointMass ? Gaussian.Quantile((from + to) / 2) : null;
        }
    }

    /// <summary>Variables that are intervals: all but the point, in their order.</summary>
    public IEnumerable<int> Intervals => Enumerable.Range(Latent.First, Latent.Count - (Point is null ? 0 : 1));

    /// <summary>Index of the last variable.</summary>
    public int LastVariable => Latent.First + Latent.Count - 1;

    /// <summary>Whether the cell of a stick may be had.</summary>
    public bool MayTake(int stick) => Shares[Latent.Sticks[stick]] > 0;

    /// <summary>Whether any cell after a stick may be had.</summary>
    public bool MayPass(int stick) =>
        Latent.Sticks.Skip(stick + 1).Any(cell => Shares[cell] > 0) || Latent.Tail.Any(cell => Shares[cell] > 0);

    /// <summary>The interval that holds all admitted cells of the tail.</summary>
    public (double Low, double High) Hull()
    {
        var first = Array.FindIndex(Latent.Tail, cell => Shares[cell] > 0);
        var last = Array.FindLastIndex(Latent.Tail, cell => Shares[cell] > 0);
        return (Latent.TailInterval(first).Low, Latent.TailInterval(last).High);
    }
}

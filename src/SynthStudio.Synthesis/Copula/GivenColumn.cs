using SynthStudio.Synthesis.Cells;

namespace SynthStudio.Synthesis.Copula;

/// <summary>A condition on a column in terms of its latent variables.</summary>
/// <param name="Latent">The column's variables.</param>
/// <param name="Shares">By cell: the share of its mass that is admitted.</param>
internal sealed record GivenColumn(LatentColumn Latent, double[] Shares)
{
    /// <summary>
    /// What is left of each variable that the condition restricts, where the admitted rows are just those in which all of them are kept: one cell,
    /// or cells of the tail. Null where which variables count depends on the row, as for a set of categories.
    /// </summary>
    public LatentCut[]? Cuts { get; } = CutsOf(Latent, Shares);

    /// <summary>The admitted cells in the shares they have when nothing else is known.</summary>
    public CumulativeWeights Cells { get; } = new([.. Latent.Masses.Select((mass, cell) => mass * Shares[cell])]);

    /// <summary>Whether a row may have the cell.</summary>
    public bool Admits(int cell) => Shares[cell] > 0;

    /// <summary>Whether the cell of a stick may be had.</summary>
    public bool MayTake(int stick) => Admits(Latent.Sticks[stick]);

    /// <summary>Whether any cell after a stick may be had.</summary>
    public bool MayPass(int stick) => Latent.Sticks.Skip(stick + 1).Any(Admits) || Latent.Tail.Any(Admits);

    /// <summary>The interval that holds all admitted cells of the tail; everything when none is admitted.</summary>
    public (double Low, double High) Hull { get; } = TailPieces(Latent, Shares) is [var first, ..] and [.., var last]
        ? (first.Low, last.High) : (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The cuts that leave a single cell.</summary>
    public LatentCut[] CutsTo(int cell)
    {
        var alone = new double[Shares.Length];
        alone[cell] = 1;
        return CutsOf(Latent, alone)!;
    }

    private static LatentPiece[] TailPieces(LatentColumn latent, double[] shares)
    {
        var pieces = new List<LatentPiece>();
        for (var i = 0; i < latent.Tail.Length; i++)
        {
            var share = shares[latent.Tail[i]];
            if (share <= 0) continue;
            var (low, high) = latent.TailInterval(i);
            if (pieces.Count > 0 && pieces[^1].High == low && pieces[^1].Share == share) pieces[^1] = pieces[^1] with { High = high };
            else pieces.Add(new LatentPiece(low, high, share));
        }

        return [.. pieces];
    }

    private static LatentCut[]? CutsOf(LatentColumn latent, double[] shares)
    {
        int[] taken = [.. Enumerable.Range(0, latent.Sticks.Length).Where(stick => shares[latent.Sticks[stick]] > 0)];
        var tail = TailPieces(latent, shares);
        if (taken.Length + (tail.Length > 0 ? 1 : 0) != 1) return null;
        var cuts = new List<LatentCut>();
        for (var stick = 0; stick < (taken.Length > 0 ? taken[0] : latent.Sticks.Length); stick++)
            cuts.Add(new LatentCut(latent.First + stick, [new LatentPiece(latent.StickThresholds[stick], double.PositiveInfinity, 1)]));
        if (taken.Length > 0) cuts.Add(new LatentCut(latent.First + taken[0], [new LatentPiece(double.NegativeInfinity, latent.StickThresholds[taken[0]], 1)]));
        else if (latent.Tail.Length > 1) cuts.Add(new LatentCut(latent.First + latent.Count - 1, tail));
        return [.. cuts];
    }
}

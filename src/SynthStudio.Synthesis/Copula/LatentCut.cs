namespace SynthStudio.Synthesis.Copula;

/// <summary>What a condition leaves of one latent variable.</summary>
/// <param name="Variable">Index of the variable.</param>
/// <param name="Pieces">Disjoint intervals, ascending; at least one.</param>
internal sealed record LatentCut(int Variable, LatentPiece[] Pieces)
{
    /// <summary>The least value.</summary>
    public double Low => Pieces[0].Low;

    /// <summary>The greatest value.</summary>
    public double High => Pieces[^1].High;

    /// <summary>The share of the variable's mass that is admitted.</summary>
    public double Mass => Pieces.Sum(piece => piece.Share * Gaussian.Between(piece.Low, piece.High));

    /// <summary>How much of the mass from the least to the greatest value is admitted.</summary>
    public double Density => Mass / Gaussian.Between(Low, High);
}

/// <summary>An interval of a latent variable.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Share">The share of the interval's mass that is admitted, above 0: of a cell that a range cuts, the part inside the range.</param>
internal readonly record struct LatentPiece(double Low, double High, double Share);

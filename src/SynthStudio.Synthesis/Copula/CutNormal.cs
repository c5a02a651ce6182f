using SynthStudio.Synthesis.Randomness;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace SynthStudio.Synthesis.Copula;

/// <summary>Draws the first elements of ε so that the first elements of L ε lie in what conditions leave of them.</summary>
internal sealed class CutNormal
{
    private readonly double[][] factor;
    private readonly LatentCut[] cuts;
    private readonly double[] means;
    private readonly double logMost;

    /// <param name="factor">L, by row.</param>
    /// <param name="cuts">Of the first rows of L, in their order.</param>
    public CutNormal(double[][] factor, LatentCut[] cuts)
    {
        (this.factor, this.cuts, means) = (factor, cuts, new double[cuts.Length]);
        if (cuts.Length == 0) return;

        // Without a saddle point no chance after the first is known to be below 1.
        if (cuts.Length > 1 && MinimaxTilting.Find(factor, [.. cuts.Select(cut => cut.Low)], [.. cuts.Select(cut => cut.High)]) is var (found, most))
            (means, logMost) = (found, most - Gaussian.LogBetween(cuts[0].Low - found[0], cuts[0].High - found[0]));

        // The chance of the first is the same in every row, and known with its gaps.
        logMost += Math.Log(Mass(0, means[0]));
    }

    /// <summary>Draws a row.</summary>
    /// <param name="noise">ε.</param>
    /// <param name="random">The row's numbers.</param>
    /// <returns>The chance to keep it, 0 to 1.</returns>
    public double Draw(Span<double> noise, SeededStream random)
    {
        double log = 0;
        for (var k = 0; k < cuts.Length; k++)
        {
            var scale = factor[k][k];
            var center = TensorPrimitives.Dot<double>(factor[k].AsSpan(0, k), noise[..k]) / scale + means[k];
            var mass = Mass(k, center);
            if (!(mass > 0)) return 0;
            var piece = Choose(k, center, mass, random);
            noise[k] = means[k] + Gaussian.Truncated(piece.Low / scale - center, piece.High / scale - center, random.NextDouble());
            log += means[k] * means[k] / 2 - means[k] * noise[k] + Math.Log(mass);
        }

        return Math.Exp(Math.Min(log - logMost, 0));
    }

    private double Mass(int k, double center)
    {
        var scale = factor[k][k];
        double mass = 0;
        foreach (var (low, high, share) in cuts[k].Pieces) mass += share * Gaussian.Between(low / scale - center, high / scale - center);
        return mass;
    }

    private LatentPiece Choose(int k, double center, double mass, SeededStream random)
    {
        var pieces = cuts[k].Pieces;
        if (pieces.Length == 1) return pieces[0];
        var (scale, left, last) = (factor[k][k], random.NextDouble() * mass, 0);
        for (var p = 0; p < pieces.Length; p++)
        {
            var own = pieces[p].Share * Gaussian.Between(pieces[p].Low / scale - center, pieces[p].High / scale - center);
            if (own > 0) last = p;
            if ((left -= own) < 0) break;
        }

        return pieces[last];
    }
}

using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// Adds up gradients of records, each scaled down to a largest Euclidean norm over all parameters: what one record can change is that norm. A record
/// whose gradient is not finite counts as if it were not there.
/// </summary>
/// <param name="clipNorm">C.</param>
/// <param name="weight">Of every record in the sum.</param>
internal sealed class ClippedSum(double clipNorm, double weight = 1)
{
    /// <summary>Keeps the quotient finite for gradients of zero.</summary>
    private static readonly Scalar Stabiliser = 1e-6f.ToScalar();

    private readonly Scalar norm = clipNorm.ToScalar(), share = weight.ToScalar();

    /// <summary>Adds the records of one forward pass to the gradients of the parameters.</summary>
    /// <param name="loss">Summed over the records, [].</param>
    /// <param name="layers">What the pass used.</param>
    public void Add(Tensor loss, TappedLayers layers)
    {
        var taps = layers.Taps;
        var b = autograd.grad([loss], [.. taps.Select(tap => tap.Output)]);
        using var none = no_grad();
        var norms = taps[0].SquaredNorms(b[0], layers.Passes);
        for (var i = 1; i < taps.Count; i++) norms = norms.add(taps[i].SquaredNorms(b[i], layers.Passes), Scalars.One);

        // C / (|g| + tiny), at most 1; infinite and undefined norms become 0. Rounding may leave a norm of almost nothing below zero.
        var finite = norms.isfinite();
        var factors = norms.clamp_min_(Scalars.Zero).sqrt_().add_(Stabiliser).reciprocal_().mul_(norm).clamp_(max: Scalars.One).mul_(share);
        if (finite.all().item<bool>())
        {
            factors = OfRows(factors);
            for (var i = 0; i < taps.Count; i++) taps[i].Accumulate(b[i], factors);
            return;
        }

        var leftOut = OfRows(finite.logical_not());
        factors = OfRows(factors).masked_fill(leftOut, Scalars.Zero);
        for (var i = 0; i < taps.Count; i++)
        {
            taps[i].Mask(leftOut);
            taps[i].Accumulate(b[i].masked_fill(leftOut.unsqueeze(1), Scalars.Zero), factors);
        }

        Tensor OfRows(Tensor ofRecords) => layers.Passes == 1 ? ofRecords : ofRecords.repeat_interleave(layers.Passes);
    }
}

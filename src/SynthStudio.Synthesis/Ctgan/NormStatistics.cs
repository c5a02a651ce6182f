using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// Mean and variance before the generator's two normalisations, over many batches of trained weights. With the statistics of the batch, as
/// published, a row would depend on which rows it is drawn with.
/// </summary>
internal sealed class NormStatistics
{
    private readonly double[]?[] sums = new double[]?[2], squares = new double[]?[2];
    private readonly long[] rows = new long[2];
    private readonly (Tensor Mean, Tensor Variance)?[] calibrated = new (Tensor, Tensor)?[2];

    /// <summary>Begins to collect.</summary>
    public NormStatistics()
    {
    }

    /// <summary>Takes up what <see cref="ToArrays"/> gave.</summary>
    public NormStatistics(float[][] arrays, TorchSharp.torch.Device device)
    {
        for (var layer = 0; layer < 2; layer++)
        {
            calibrated[layer] = (
                tensor(arrays[2 * layer], device: device).view(1, -1).DetachFromDisposeScope(),
                tensor(arrays[2 * layer + 1], device: device).view(1, -1).DetachFromDisposeScope());
        }
    }

    /// <summary>Means and variances of a layer, [1, H]; null while they are being collected.</summary>
    public (Tensor Mean, Tensor Variance)? Of(int layer) => calibrated[layer];

    /// <summary>Adds a batch, [B, H].</summary>
    public void Observe(int layer, Tensor x)
    {
        if (calibrated[layer] is not null) return;
        using var scope = NewDisposeScope();
        var sum = x.sum([0L]).ToFloats();
        var square = x.square().sum([0L]).ToFloats();
        sums[layer] ??= new double[sum.Length];
        squares[layer] ??= new double[sum.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sums[layer]![i] += sum[i];
            squares[layer]![i] += square[i];
        }

        rows[layer] += x.shape[0];
    }

    /// <summary>Mean and variance of the first layer, then of the second.</summary>
    public float[][] ToArrays() =>
    [
        .. Enumerable.Range(0, 2).SelectMany(layer =>
        {
            var mean = Array.ConvertAll(sums[layer]!, sum => sum / rows[layer]);
            return new[]
            {
                Array.ConvertAll(mean, value => (float)value),
                [.. squares[layer]!.Select((square, i) => (float)Math.Max(square / rows[layer] - mean[i] * mean[i], 0))],
            };
        }),
    ];
}

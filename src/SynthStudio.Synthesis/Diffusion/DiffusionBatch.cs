using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Diffusion;

/// <summary>Times and masks of some rows, as plain arrays, for one thread.</summary>
internal sealed class DiffusionBatch(MixedLayout layout, int capacity)
{
    /// <summary>Smallest time in a weight: the weights 1 / t would else be dominated by single rows.</summary>
    private const double LeastWeightTime = 0.05;

    private readonly float[] seenSymbols = new float[capacity * layout.Tokens];
    private readonly float[] seenColumns = new float[capacity * layout.Count];
    private readonly float[] givenScalars = new float[capacity * layout.Scalars];
    private readonly float[] sigma = new float[capacity], weight = new float[capacity];
    private readonly float[] time = new float[capacity * DiffusionShape.TimeFeatures];
    private int rows;

    public void Clear()
    {
        rows = 0;
        Array.Clear(seenSymbols);
        Array.Clear(seenColumns);
        Array.Clear(givenScalars);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="random">Of its masks.</param>
    /// <param name="position">Where its time lies, 0 to 1; spread evenly over a batch, times vary its loss less.</param>
    /// <param name="givenShare">Probability that some of its columns are given.</param>
    public void Add(SeededStream random, double position, double givenShare)
    {
        var t = NoiseSchedule.Earliest + (1 - NoiseSchedule.Earliest) * position;
        var givenProbability = random.NextDouble() < givenShare ? random.NextDouble() : 0;
        for (var c = 0; c < layout.Count; c++)
        {
            var given = random.NextDouble() < givenProbability;
            if (given && layout.ScalarIndex[c] is var s and >= 0) givenScalars[rows * layout.Scalars + s] = 1;
            if (random.NextDouble() >= t || given) See(c);
        }

        sigma[rows] = (float)NoiseSchedule.Sigma(t);
        weight[rows] = (float)(1 / Math.Max(t, LeastWeightTime));
        NoiseSchedule.Features(t, time.AsSpan(rows * DiffusionShape.TimeFeatures, DiffusionShape.TimeFeatures));
        rows++;
    }

    /// <summary>[B, V], 1 for symbols of columns that are not masked.</summary>
    public Tensor SeenSymbols(TorchSharp.torch.Device device) => Part(seenSymbols, layout.Tokens, device);

    /// <summary>[B, C], 1 for columns that are not masked.</summary>
    public Tensor SeenColumns(TorchSharp.torch.Device device) => Part(seenColumns, layout.Count, device);

    /// <summary>[B, A], 1 for scalars that are given.</summary>
    public Tensor GivenScalars(TorchSharp.torch.Device device) => Part(givenScalars, layout.Scalars, device);

    /// <summary>[B, 1].</summary>
    public Tensor Sigma(TorchSharp.torch.Device device) => Part(sigma, 1, device);

    /// <summary>[B, 1], of the cross-entropies.</summary>
    public Tensor Weight(TorchSharp.torch.Device device) => Part(weight, 1, device);

    /// <summary>[B, T].</summary>
    public Tensor Time(TorchSharp.torch.Device device) => Part(time, DiffusionShape.TimeFeatures, device);

    private void See(int column)
    {
        seenColumns[rows * layout.Count + column] = 1;
        seenSymbols.AsSpan(rows * layout.Tokens + layout.TokenOffset[column], layout.Columns[column].Symbols).Fill(1);
    }

    private Tensor Part(float[] values, int width, TorchSharp.torch.Device device) =>
        from_array(values, device: device).view(capacity, width).narrow(0, 0, rows);
}

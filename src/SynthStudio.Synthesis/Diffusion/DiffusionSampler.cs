using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Diffusion;

/// <summary>
/// From noise to rows: in every step the scalars move along the probability flow (Euler), and each masked symbol is revealed with the
/// probability that it belongs to this step. Given cells are seen from the first step on. Safe for concurrent use.
/// </summary>
internal sealed class DiffusionSampler(DiffusionShape shape, ParameterSet parameters, int steps, TorchSharp.torch.Device device)
{
    private readonly DiffusionNetwork network = new(shape, parameters);

    /// <summary>Draws one block.</summary>
    /// <param name="given">What is known of its rows.</param>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="block">Number of the block.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    public MixedRows Draw(MixedGiven given, long seed, long block, CancellationToken cancellation)
    {
        var rows = given.Symbols[0].Length;
        using var noise = new NoiseSource(device);
        noise.Begin(seed, StreamPurpose.SampledTokens, block);
        var random = new SeededStream(seed, StreamPurpose.SampledTokens, block);
        var layout = shape.Layout;
        var symbols = new ushort[layout.Count][];
        var seen = new bool[layout.Count][];
        var oneHot = new float[rows * layout.Tokens];
        var (givenScalars, isGiven) = (new float[rows * layout.Scalars], new float[rows * layout.Scalars]);
        for (var c = 0; c < layout.Count; c++)
        {
            (symbols[c], seen[c]) = (new ushort[rows], new bool[rows]);
            for (var row = 0; row < rows; row++)
            {
                if (given.Symbols[c][row] == MixedGiven.Drawn) continue;
                Reveal(c, row, given.Symbols[c][row]);
                if (layout.ScalarIndex[c] is not (var s and >= 0)) continue;
                (givenScalars[row * layout.Scalars + s], isGiven[row * layout.Scalars + s]) = (given.Scalars[c]![row] * NoiseSchedule.ScalarScale, 1);
            }
        }

        var fixedScalars = from_array(givenScalars, device: device).view(rows, layout.Scalars);
        var fixedMask = from_array(isGiven, device: device).view(rows, layout.Scalars);
        var x = noise.Normal(rows, layout.Scalars) * (float)NoiseSchedule.Sigma(1);
        for (var step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            double t = 1 - (double)step / steps, next = 1 - (double)(step + 1) / steps;
            double sigma = NoiseSchedule.Sigma(t), norm = Math.Sqrt(sigma * sigma + 1);
            var features = new float[DiffusionShape.TimeFeatures];
            NoiseSchedule.Features(t, features);
            var (f, logits) = network.Forward(
                x / (float)norm * (1 - fixedMask), fixedScalars * fixedMask, fixedMask,
                from_array(oneHot, device: device).view(rows, layout.Tokens),
                tensor(features, device: device).view(1, -1).expand(rows, features.Length));
            var clean = x / (float)(norm * norm) + f * (float)(sigma / norm);
            var nextSigma = step + 1 < steps ? NoiseSchedule.Sigma(next) : 0;
            x = (clean + (x - clean) * (float)(nextSigma / sigma)).MoveToOuterDisposeScope();

            var drawn = SymbolDraw.Draw(layout, given.Drawable, logits.ToFloats(), random);
            for (var c = 0; c < layout.Count; c++)
            {
                for (var row = 0; row < rows; row++)
                {
                    if (random.NextDouble() * t < t - next && !seen[c][row]) Reveal(c, row, drawn[c][row]);
                }
            }
        }

        if (layout.Scalars == 0) return new MixedRows(symbols, new float[]?[layout.Count]);
        var values = (x / NoiseSchedule.ScalarScale).t().ToFloats();
        return new MixedRows(symbols, [.. layout.ScalarIndex.Select(s => s < 0 ? null : values[(s * rows)..((s + 1) * rows)])]);

        void Reveal(int column, int row, ushort symbol)
        {
            symbols[column][row] = symbol;
            seen[column][row] = true;
            oneHot[row * layout.Tokens + layout.TokenOffset[column] + symbol] = 1;
        }
    }
}

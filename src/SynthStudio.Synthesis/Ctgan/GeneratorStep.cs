using System.Numerics.Tensors;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// The generator (<see cref="CtganGenerator"/>) of a batch in training, and its derivative, written out: what a graph would do in a hundred operations
/// are nine products of matrices and a few passes over plain arrays. On the CPU, for one thread.
/// </summary>
internal sealed class GeneratorStep : IDisposable
{
    private readonly ParameterSet parameters;
    private readonly int rows, width, noiseWidth, outputWidth;

    /// <summary>[b, a, z], [B, 2 H + Z]: the last layer's inputs; the second layer's and the first one's are its right parts.</summary>
    private readonly ProductMatrix inputs;

    /// <summary>A hidden layer's products and their gradients, [B, H], and the last layer's.</summary>
    private readonly ProductMatrix product, byProduct, last;

    /// <summary>By layer: its weights and their gradients.</summary>
    private readonly ProductMatrix[] weights, byWeights;

    /// <summary>By layer: its products, and the gradients of its weights by theirs.</summary>
    private readonly MatrixProduct[] forward, gradients;

    /// <summary>Gradients of b by the output, of a by the output and by the second layer.</summary>
    private readonly MatrixProduct bByOutput, aByOutput, aBySecond;

    private readonly NormRelu[] norms;

    /// <summary>A hidden layer's values of a row, [H].</summary>
    private readonly float[] hidden;

    /// <param name="shape">The networks.</param>
    /// <param name="parameters">Of both networks.</param>
    /// <param name="rows">B.</param>
    public GeneratorStep(CtganShape shape, ParameterSet parameters, int rows)
    {
        (this.parameters, this.rows) = (parameters, rows);
        (width, noiseWidth, outputWidth) = (shape.Sizes.GeneratorWidth, shape.Sizes.EmbeddingDim, shape.Layout.Width);
        inputs = new(rows, 2 * width + noiseWidth);
        (product, byProduct, last) = (new(rows, width), new(rows, width), new(rows, outputWidth));
        (weights, byWeights) = (Weights(), Weights());
        Tensor InputsOf(int layer) => inputs.Columns((2 - layer) * width, layer * width + noiseWidth);
        ProductMatrix[] layers = [product, product, last], byLayers = [byProduct, byProduct, last];
        forward = [.. layers.Select((result, layer) => new MatrixProduct(result, InputsOf(layer), weights[layer].Transposed))];
        gradients = [.. byLayers.Select((by, layer) => new MatrixProduct(byWeights[layer], by.Transposed, InputsOf(layer)))];
        bByOutput = new(product, last.Tensor, weights[2].Columns(0, width));
        aByOutput = new(product, last.Tensor, weights[2].Columns(width, width));
        aBySecond = new(product, byProduct.Tensor, weights[1].Columns(0, width));
        norms = [new(rows, width), new(rows, width)];
        hidden = new float[width];
    }

    /// <summary>The last layer's output, before the heads, [B, A + V], row-major.</summary>
    /// <param name="z">[B, Z].</param>
    /// <param name="conditions">[B].</param>
    /// <param name="output">Where it goes.</param>
    public void Forward(ReadOnlySpan<float> z, ReadOnlySpan<long> conditions, Span<float> output)
    {
        using var none = no_grad();
        Span<float> table = Values("condition"), bias = Values("output.bias");
        for (var layer = 0; layer < 3; layer++) weights[layer].Write(Values(Weight(layer)));
        inputs.WriteColumns(z, 2 * width, noiseWidth);
        for (var layer = 0; layer < 2; layer++)
        {
            var norm = norms[layer];
            forward[layer].Compute();
            norm.Begin();
            for (var row = 0; row < rows; row++)
            {
                var x = norm.Input(row);
                product.CopyRowTo(row, x);
                AddTo(x, ConditionPart(table, conditions[row], layer * width, width));
                norm.Observe(row);
            }

            norm.Fit();
            Span<float> gain = Values($"{layer}.norm.gain"), shift = Values($"{layer}.norm.bias");
            for (var row = 0; row < rows; row++)
            {
                norm.Output(row, gain, shift, hidden);
                inputs.WriteRow(row, (1 - layer) * width, hidden);
            }
        }

        forward[2].Compute();
        for (var row = 0; row < rows; row++)
        {
            var o = output.Slice(row * outputWidth, outputWidth);
            last.CopyRowTo(row, o);
            AddTo(o, ConditionPart(table, conditions[row], 2 * width, outputWidth));
            AddTo(o, bias);
        }
    }

    /// <summary>Adds to the generator's gradients those by the outputs of the last batch.</summary>
    /// <param name="conditions">As before.</param>
    /// <param name="byOutput">[B, A + V].</param>
    public void Backward(ReadOnlySpan<long> conditions, ReadOnlySpan<float> byOutput)
    {
        using var none = no_grad();
        Span<float> table = Gradient("condition"), bias = Gradient("output.bias");
        for (var row = 0; row < rows; row++)
        {
            var o = byOutput.Slice(row * outputWidth, outputWidth);
            last.WriteRow(row, 0, o);
            AddTo(ConditionPart(table, conditions[row], 2 * width, outputWidth), o);
            AddTo(bias, o);
        }

        AddGradient(2);

        // b is an input of the last layer, a of the last and of the second.
        BackwardThrough(1, table, conditions, bByOutput);
        BackwardThrough(0, table, conditions, aByOutput, aBySecond);
    }

    public void Dispose()
    {
        foreach (var matrix in (ProductMatrix[])[inputs, product, byProduct, last, .. weights, .. byWeights]) matrix.Dispose();
    }

    private static string Weight(int layer) => layer == 2 ? "output.weight" : $"{layer}.weight";

    private ProductMatrix[] Weights() => [new(width, noiseWidth), new(width, width + noiseWidth), new(outputWidth, 2 * width + noiseWidth)];

    /// <summary>From the gradients by a hidden layer's output, which are added up, to those by its product and of its parameters.</summary>
    private void BackwardThrough(int layer, Span<float> table, ReadOnlySpan<long> conditions, params ReadOnlySpan<MatrixProduct> byHidden)
    {
        var norm = norms[layer];
        Span<float> gain = Values($"{layer}.norm.gain"), shift = Values($"{layer}.norm.bias");
        norm.Begin();
        for (var part = 0; part < byHidden.Length; part++)
        {
            byHidden[part].Compute();
            for (var row = 0; row < rows; row++)
            {
                var d = norm.Gradient(row);
                if (part == 0) product.CopyRowTo(row, d);
                else product.AddRowTo(row, d);
                if (part == byHidden.Length - 1) norm.ObserveGradient(row, gain, shift);
            }
        }

        norm.FitGradient(gain, Gradient($"{layer}.norm.gain"), Gradient($"{layer}.norm.bias"));
        for (var row = 0; row < rows; row++)
        {
            var d = norm.ByInput(row);
            byProduct.WriteRow(row, 0, d);
            AddTo(ConditionPart(table, conditions[row], layer * width, width), d);
        }

        AddGradient(layer);
    }

    private void AddGradient(int layer) => gradients[layer].Compute().AddTo(Gradient(Weight(layer)));

    /// <summary>A layer's part of a row of the condition table, [., 2 H + A + V].</summary>
    private Span<float> ConditionPart(Span<float> table, long condition, int from, int count) =>
        table.Slice((int)condition * (2 * width + outputWidth) + from, count);

    private static void AddTo(Span<float> sum, ReadOnlySpan<float> values) => TensorPrimitives.Add(sum, values, sum);

    private Span<float> Values(string name) => TensorValues.Memory(parameters["generator." + name]);

    private Span<float> Gradient(string name) => TensorValues.Memory(parameters["generator." + name].grad!);
}

using System.Numerics.Tensors;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// The generator (<see cref="CtganGenerator"/>) of a batch in training, and its derivative, written out: what a graph would do in a hundred operations
/// are nine products of matrices and a few passes over plain arrays. On the CPU, for one thread.
/// </summary>
/// <param name="shape">The networks.</param>
/// <param name="parameters">Of both networks.</param>
/// <param name="rows">B.</param>
internal sealed class GeneratorStep(CtganShape shape, ParameterSet parameters, int rows) : IDisposable
{
    private readonly int width = shape.Sizes.GeneratorWidth, noiseWidth = shape.Sizes.EmbeddingDim, outputWidth = shape.Layout.Width;

    /// <summary>[b, a, z], [B, 2 H + Z]: the last layer's inputs; the second layer's and the first one's are its right parts.</summary>
    private readonly ProductMatrix inputs = new(rows, 2 * shape.Sizes.GeneratorWidth + shape.Sizes.EmbeddingDim);

    /// <summary>A hidden layer's products and their gradients, [B, H], and the last layer's.</summary>
    private readonly ProductMatrix product = new(rows, shape.Sizes.GeneratorWidth), byProduct = new(rows, shape.Sizes.GeneratorWidth), last = new(rows, shape.Layout.Width);

    /// <summary>By layer: its weights and their gradients.</summary>
    private readonly ProductMatrix[] weights = Weights(shape), byWeights = Weights(shape);

    /// <summary>A hidden layer's values or their gradients, [B, H].</summary>
    private readonly float[] hidden = new float[rows * shape.Sizes.GeneratorWidth];

    private readonly NormRelu[] norms = [new(rows, shape.Sizes.GeneratorWidth), new(rows, shape.Sizes.GeneratorWidth)];

    /// <summary>The last layer's output, before the heads, [B, A + V], row-major.</summary>
    /// <param name="z">[B, Z].</param>
    /// <param name="conditions">[B].</param>
    /// <param name="output">Where it goes.</param>
    public void Forward(ReadOnlySpan<float> z, ReadOnlySpan<long> conditions, Span<float> output)
    {
        using var none = no_grad();
        for (var layer = 0; layer < 3; layer++) weights[layer].Write(Values(Weight(layer)));
        inputs.WriteColumns(z, 2 * width, noiseWidth);
        for (var layer = 0; layer < 2; layer++)
        {
            product.SetProduct(InputsOf(layer), weights[layer].Tensor.t()).CopyTo(hidden);
            AddConditions(hidden, conditions, layer * width, width);
            norms[layer].Forward(hidden, Values($"{layer}.norm.gain"), Values($"{layer}.norm.bias"));
            inputs.WriteColumns(hidden, (1 - layer) * width, width);
        }

        last.SetProduct(inputs.Tensor, weights[2].Tensor.t()).CopyTo(output);
        AddConditions(output, conditions, 2 * width, outputWidth);
        var bias = Values("output.bias");
        for (var row = 0; row < rows; row++) AddTo(output.Slice(row * outputWidth, outputWidth), bias);
    }

    /// <summary>Adds to the generator's gradients those by the outputs of the last batch.</summary>
    /// <param name="conditions">As before.</param>
    /// <param name="byOutput">[B, A + V].</param>
    public void Backward(ReadOnlySpan<long> conditions, ReadOnlySpan<float> byOutput)
    {
        using var none = no_grad();
        last.Write(byOutput);
        AddGradient(2, last);
        CollectConditions(byOutput, conditions, 2 * width, outputWidth);
        var bias = Gradient("output.bias");
        for (var row = 0; row < rows; row++) AddTo(bias, byOutput.Slice(row * outputWidth, outputWidth));

        // b is an input of the last layer, a of the last and of the second.
        product.SetProduct(last.Tensor, weights[2].Tensor.narrow(1, 0, width)).CopyTo(hidden);
        BackwardThrough(1, conditions);
        product.SetProduct(last.Tensor, weights[2].Tensor.narrow(1, width, width)).CopyTo(hidden);
        product.SetProduct(byProduct.Tensor, weights[1].Tensor.narrow(1, 0, width)).AddTo(hidden);
        BackwardThrough(0, conditions);
    }

    public void Dispose()
    {
        foreach (var matrix in (ProductMatrix[])[inputs, product, byProduct, last, .. weights, .. byWeights]) matrix.Dispose();
    }

    private static string Weight(int layer) => layer == 2 ? "output.weight" : $"{layer}.weight";

    private static ProductMatrix[] Weights(CtganShape shape)
    {
        var (h, z) = (shape.Sizes.GeneratorWidth, shape.Sizes.EmbeddingDim);
        return [new(h, z), new(h, h + z), new(shape.Layout.Width, h + h + z)];
    }

    /// <summary>From the gradient by a hidden layer's output to that by its product, and to its parameters' gradients.</summary>
    private void BackwardThrough(int layer, ReadOnlySpan<long> conditions)
    {
        norms[layer].Backward(hidden, Values($"{layer}.norm.gain"), Gradient($"{layer}.norm.gain"), Gradient($"{layer}.norm.bias"));
        CollectConditions(hidden, conditions, layer * width, width);
        byProduct.Write(hidden);
        AddGradient(layer, byProduct);
    }

    private Tensor InputsOf(int layer) => inputs.Tensor.narrow(1, (2 - layer) * width, layer * width + noiseWidth);

    private void AddGradient(int layer, ProductMatrix byLayer) =>
        byWeights[layer].SetProduct(byLayer.Tensor.t(), InputsOf(layer)).AddTo(Gradient(Weight(layer)));

    private void AddConditions(Span<float> values, ReadOnlySpan<long> conditions, int from, int count)
    {
        var table = Values("condition");
        for (var row = 0; row < rows; row++) AddTo(values.Slice(row * count, count), ConditionPart(table, conditions[row], from, count));
    }

    private void CollectConditions(ReadOnlySpan<float> gradient, ReadOnlySpan<long> conditions, int from, int count)
    {
        var table = Gradient("condition");
        for (var row = 0; row < rows; row++) AddTo(ConditionPart(table, conditions[row], from, count), gradient.Slice(row * count, count));
    }

    /// <summary>A layer's part of a row of the condition table, [., 2 H + A + V].</summary>
    private Span<float> ConditionPart(Span<float> table, long condition, int from, int count) =>
        table.Slice((int)condition * (2 * width + outputWidth) + from, count);

    private static void AddTo(Span<float> sum, ReadOnlySpan<float> values) => TensorPrimitives.Add(sum, values, sum);

    private Span<float> Values(string name) => TensorValues.Memory(parameters["generator." + name]);

    private Span<float> Gradient(string name) => TensorValues.Memory(parameters["generator." + name].grad!);
}

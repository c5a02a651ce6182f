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
    private readonly Tensor inputs = Matrices.Operands(rows, 2 * shape.Sizes.GeneratorWidth + shape.Sizes.EmbeddingDim);

    private readonly NormRelu[] norms = [new(rows, shape.Sizes.GeneratorWidth), new(rows, shape.Sizes.GeneratorWidth)];
    private Tensor[] weights = [];

    /// <summary>The last layer's output, before the heads, [B, A + V], row-major.</summary>
    /// <param name="z">[B, Z].</param>
    /// <param name="conditions">[B].</param>
    /// <param name="output">Where it goes.</param>
    public void Forward(Tensor z, ReadOnlySpan<long> conditions, Span<float> output)
    {
        using var none = no_grad();
        weights = Array.ConvertAll(["0", "1", "output"], layer => Matrices.Operand(parameters[$"generator.{layer}.weight"]));
        inputs.narrow(1, 2 * width, noiseWidth).copy_(z);
        for (var layer = 0; layer < 2; layer++)
        {
            using var x = Matrices.Product(InputsOf(layer), weights[layer].t());
            var values = TensorValues.Memory(x);
            AddConditions(values, conditions, layer * width, width);
            norms[layer].Forward(values, Values($"{layer}.norm.gain"), Values($"{layer}.norm.bias"));
            inputs.narrow(1, (1 - layer) * width, width).copy_(x);
        }

        using var last = Matrices.Product(inputs, weights[2].t());
        TensorValues.Memory(last).CopyTo(output);
        AddConditions(output, conditions, 2 * width, outputWidth);
        var bias = Values("output.bias");
        for (var row = 0; row < rows; row++) AddTo(output.Slice(row * outputWidth, outputWidth), bias);
    }

    /// <summary>Adds to the generator's gradients those by the outputs of the last batch.</summary>
    /// <param name="conditions">As before.</param>
    /// <param name="byOutput">[B, A + V].</param>
    public void Backward(ReadOnlySpan<long> conditions, Tensor byOutput)
    {
        using var none = no_grad();
        AddGradient("output.weight", byOutput, inputs);
        var values = TensorValues.Memory(byOutput);
        CollectConditions(values, conditions, 2 * width, outputWidth);
        var bias = Gradient("output.bias");
        for (var row = 0; row < rows; row++) AddTo(bias, values.Slice(row * outputWidth, outputWidth));

        using var byBoth = Matrices.Product(Matrices.Operand(byOutput), weights[2].narrow(1, 0, 2 * width));
        using var byB = byBoth.narrow(1, 0, width).contiguous();
        BackwardThrough(1, byB, conditions);
        using var byA = byBoth.narrow(1, width, width).add(Matrices.Product(Matrices.Operand(byB), weights[1].narrow(1, 0, width)), Scalars.One);
        BackwardThrough(0, byA, conditions);
    }

    public void Dispose() => inputs.Dispose();

    /// <summary>From the gradient by a hidden layer's output to that by its product, in place, and to its parameters' gradients.</summary>
    private void BackwardThrough(int layer, Tensor gradient, ReadOnlySpan<long> conditions)
    {
        var values = TensorValues.Memory(gradient);
        norms[layer].Backward(values, Values($"{layer}.norm.gain"), Gradient($"{layer}.norm.gain"), Gradient($"{layer}.norm.bias"));
        CollectConditions(values, conditions, layer * width, width);
        AddGradient($"{layer}.weight", gradient, InputsOf(layer));
    }

    private Tensor InputsOf(int layer) => inputs.narrow(1, (2 - layer) * width, layer * width + noiseWidth);

    private void AddGradient(string weight, Tensor byProduct, Tensor input) =>
        parameters["generator." + weight].grad!.add_(Matrices.Product(Matrices.Operand(byProduct).t(), input), Scalars.One);

    private void AddConditions(Span<float> values, ReadOnlySpan<long> conditions, int from, int count)
    {
        var table = Values("condition");
        for (var row = 0; row < rows; row++) AddTo(values.Slice(row * count, count), ConditionPart(table, conditions[row], from, count));
    }

    private void CollectConditions(Span<float> gradient, ReadOnlySpan<long> conditions, int from, int count)
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

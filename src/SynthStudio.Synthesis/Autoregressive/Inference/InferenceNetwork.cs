using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>
/// The trained <see cref="AutoregressiveNetwork"/> for drawing: the same function in single precision, without a graph, on the calling
/// thread. Only the logits of the column at hand are computed, and what a cell adds to the input is looked up. Safe for concurrent use.
/// </summary>
internal sealed class InferenceNetwork
{
    private const int FineWidth = NetworkShape.FineWidth;

    private readonly float[] start;
    private readonly float[][] cellInputs;
    private readonly Block[] blocks;
    private readonly float[] normGain, normBias;
    private readonly PackedMatrix[] coarse;
    private readonly FineHead[] fine;

    /// <param name="shape">The network.</param>
    /// <param name="weights">Its parameters, in the layout's order.</param>
    public InferenceNetwork(NetworkShape shape, float[] weights)
    {
        Shape = shape;
        var tokens = shape.Tokens;
        start = Take("input.bias").ToArray();
        cellInputs = [.. Enumerable.Range(0, tokens.Count).Select(c => CellInputs(c))];
        blocks = [.. Enumerable.Range(0, shape.Blocks).Select(b => new Block(
            Take($"block{b}.norm.gain").ToArray(),
            Take($"block{b}.norm.bias").ToArray(),
            new PackedMatrix(Take($"block{b}.up.weight"), Take($"block{b}.up.bias"), shape.Width),
            new PackedMatrix(Take($"block{b}.down.weight"), Take($"block{b}.down.bias"), shape.Width)))];
        (normGain, normBias) = (Take("norm.gain").ToArray(), Take("norm.bias").ToArray());
        coarse = [.. Enumerable.Range(0, tokens.Count).Select(c => new PackedMatrix(
            Take("output.weight").Slice(tokens.CoarseOffset[c] * shape.Width, tokens.Columns[c].CoarseCount * shape.Width),
            Take("output.bias").Slice(tokens.CoarseOffset[c], tokens.Columns[c].CoarseCount),
            shape.Width))];
        fine = [.. Enumerable.Range(0, tokens.FineColumns.Length).Select(Fine)];

        ReadOnlySpan<float> Take(string name) =>
            weights.AsSpan((int)shape.Parameters.OffsetOf(name), (int)shape.Parameters.Specs.First(spec => spec.Name == name).Count);

        float[] CellInputs(int c)
        {
            var (column, width) = (tokens.Columns[c], shape.Width);
            var inputs = new float[column.Cells * width];
            for (var cell = 0; cell < column.Cells; cell++)
            {
                var input = inputs.AsSpan(cell * width, width);
                Take("input.tokens").Slice((tokens.CoarseOffset[c] + column.Coarse[cell]) * width, width).CopyTo(input);
                for (var f = 0; f < column.FeatureCount; f++)
                {
                    var map = Take("input.features").Slice((tokens.FeatureOffset[c] + f) * width, width);
                    TensorPrimitives.MultiplyAdd(map, column.Features[cell * column.FeatureCount + f], input, input);
                }
            }

            return inputs;
        }

        FineHead Fine(int f)
        {
            var contextWidth = 2 * FineWidth + tokens.FineTokens;
            var contexts = tokens.Columns[tokens.FineColumns[f]].CoarseCount;
            var output = Take("fine.output").Slice(f * FineWidth * tokens.FineTokens, FineWidth * tokens.FineTokens);
            var transposed = new float[output.Length];
            for (var i = 0; i < FineWidth; i++)
                for (var t = 0; t < tokens.FineTokens; t++) transposed[t * FineWidth + i] = output[i * tokens.FineTokens + t];
            return new FineHead(
                new PackedMatrix(Take("fine.project").Slice(f * FineWidth * shape.Width, FineWidth * shape.Width), [], shape.Width),
                new PackedMatrix(transposed, [], FineWidth),
                Take("fine.context").Slice(tokens.FineContextOffset[f] * contextWidth, contexts * contextWidth).ToArray());
        }
    }

    public NetworkShape Shape { get; }

    /// <summary>The coarse logits' row length.</summary>
    public int CoarseStride(int column) => coarse[column].Stride;

    /// <summary>Largest row length of logits of any column.</summary>
    public int MaxStride => Math.Max(coarse.Max(matrix => matrix.Stride), fine.Select(head => head.Output.Stride).DefaultIfEmpty(0).Max());

    /// <summary>Row length of fine logits.</summary>
    public int FineStride(int fineColumn) => fine[fineColumn].Output.Stride;

    /// <summary>The trunk's input without any observed cell.</summary>
    public void Begin(Span<float> h) => start.CopyTo(h);

    /// <summary>Adds an observed cell to the trunk's input.</summary>
    public void Observe(Span<float> h, int column, int cell) =>
        TensorPrimitives.Add(h, cellInputs[column].AsSpan(cell * Shape.Width, Shape.Width), h);

    /// <summary>z from h, in <paramref name="memory"/>, which h does not survive.</summary>
    public void Trunk(InferenceMemory memory, int rows)
    {
        foreach (var block in blocks)
        {
            for (var row = 0; row < rows; row++) Normalisation.Apply(memory.H(row), block.Gain, block.Bias, memory.Z(row));
            block.Up.Multiply(memory.ZRows, memory.Stride, rows, memory.UpRows, Finish.Silu);
            block.Down.Multiply(memory.UpRows, memory.Stride, rows, memory.HRows, Finish.Add);
        }

        for (var row = 0; row < rows; row++) Normalisation.Apply(memory.H(row), normGain, normBias, memory.Z(row));
    }

    /// <summary>Coarse logits of one column from z, rows of <see cref="CoarseStride"/>.</summary>
    public void CoarseLogits(InferenceMemory memory, int column, int rows) =>
        coarse[column].Multiply(memory.ZRows, memory.Stride, rows, memory.Logits, Finish.Write);

    /// <summary>Projects z for the fine head of one column, [rows, D].</summary>
    public void FineProject(InferenceMemory memory, int fineColumn, int rows) =>
        fine[fineColumn].Project.Multiply(memory.ZRows, memory.Stride, rows, memory.Projected, Finish.Write);

    /// <summary>Fine logits of one column, rows of <see cref="FineStride"/>, into <see cref="InferenceMemory.FineLogits"/>.</summary>
    /// <param name="memory">After <see cref="FineProject"/>.</param>
    /// <param name="fineColumn">Index among the columns with fine tokens.</param>
    /// <param name="rows">By wanted row: the row of z, and the coarse token under which to predict.</param>
    public void FineLogits(InferenceMemory memory, int fineColumn, ReadOnlySpan<(int Row, int Coarse)> rows)
    {
        var head = fine[fineColumn];
        var (tokens, contextWidth) = (Shape.Tokens.FineTokens, 2 * FineWidth + Shape.Tokens.FineTokens);
        for (var i = 0; i < rows.Length; i++)
        {
            var context = head.Contexts.AsSpan(rows[i].Coarse * contextWidth, contextWidth);
            var hidden = memory.Hidden.Span.Slice(i * FineWidth, FineWidth);
            var projected = memory.Projected.Span.Slice(rows[i].Row * FineWidth, FineWidth);

            // silu(P z * (1 + g) + a)
            TensorPrimitives.Add(context[..FineWidth], 1, hidden);
            TensorPrimitives.MultiplyAdd(projected, hidden, context.Slice(FineWidth, FineWidth), hidden);
            var gate = memory.Gate.Span[..FineWidth];
            TensorPrimitives.Sigmoid(hidden, gate);
            TensorPrimitives.Multiply(hidden, gate, hidden);
        }

        head.Output.Multiply(memory.Hidden, FineWidth, rows.Length, memory.FineLogits, Finish.Write);
        for (var i = 0; i < rows.Length; i++)
        {
            var logits = memory.FineLogits.Span.Slice(i * head.Output.Stride, tokens);
            TensorPrimitives.Add(logits, head.Contexts.AsSpan(rows[i].Coarse * contextWidth + 2 * FineWidth, tokens), logits);
        }
    }

    private sealed record Block(float[] Gain, float[] Bias, PackedMatrix Up, PackedMatrix Down);

    private sealed record FineHead(PackedMatrix Project, PackedMatrix Output, float[] Contexts);
}

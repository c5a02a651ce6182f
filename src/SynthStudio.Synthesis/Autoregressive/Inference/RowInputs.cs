namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>
/// The trunk's input of each row of a block, from the cells known so far. Each cell is added once, when it becomes known: to add all of them up for
/// every column would take time that grows with the square of the columns.
/// </summary>
internal sealed class RowInputs
{
    private readonly InferenceNetwork network;
    private readonly float[] inputs;
    private readonly int width;

    /// <summary>Nothing known of any row.</summary>
    public RowInputs(InferenceNetwork network, int rows)
    {
        (this.network, width) = (network, network.Shape.Width);
        inputs = new float[rows * width];
        for (var row = 0; row < rows; row++) network.Begin(Of(row));
    }

    /// <summary>[H].</summary>
    public Span<float> Of(int row) => inputs.AsSpan(row * width, width);

    /// <summary>Adds a cell of a row.</summary>
    public void Observe(int row, int column, ushort cell) => network.Observe(Of(row), column, cell);
}

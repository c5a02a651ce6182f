namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>The activations of one pass through the network, for one thread: few enough rows to stay in its core's cache.</summary>
internal sealed class InferenceMemory
{
    /// <summary>Most rows of a pass.</summary>
    public const int Rows = 128;

    private readonly int width;

    public InferenceMemory(InferenceNetwork network)
    {
        width = network.Shape.Width;
        Stride = Padded(width);
        HRows = new AlignedFloats(Rows * Stride);
        ZRows = new AlignedFloats(Rows * Stride);
        UpRows = new AlignedFloats(Rows * Stride);
        Logits = new AlignedFloats(Rows * network.MaxStride);
        if (network.Shape.Tokens.FineColumns.Length == 0) return;
        Projected = new AlignedFloats(Rows * NetworkShape.FineWidth);
        Hidden = new AlignedFloats(Rows * NetworkShape.FineWidth);
        Gate = new AlignedFloats(NetworkShape.FineWidth);
        FineLogits = new AlignedFloats(Rows * Padded(network.Shape.Tokens.FineTokens));
    }

    /// <summary>Floats from one row of h, z or the hidden units to the next.</summary>
    public int Stride { get; }

    /// <summary>Residual stream, [rows, H].</summary>
    public AlignedFloats HRows { get; }

    /// <summary>Normalised stream, and after the trunk its output z, [rows, H].</summary>
    public AlignedFloats ZRows { get; }

    public AlignedFloats UpRows { get; }

    /// <summary>Coarse logits.</summary>
    public AlignedFloats Logits { get; }

    /// <summary>z projected for the fine head, [rows, D].</summary>
    public AlignedFloats Projected { get; }

    /// <summary>Hidden units of the fine head, [rows, D].</summary>
    public AlignedFloats Hidden { get; }

    public AlignedFloats Gate { get; }

    public AlignedFloats FineLogits { get; }

    public Span<float> H(int row) => HRows.Span.Slice(row * Stride, width);

    public Span<float> Z(int row) => ZRows.Span.Slice(row * Stride, width);

    private static int Padded(int outputs) => (outputs + PackedMatrix.Panel - 1) / PackedMatrix.Panel * PackedMatrix.Panel;
}

namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>What becomes of a product.</summary>
internal enum Finish
{
    /// <summary>y = product.</summary>
    Write,

    /// <summary>y = y + product.</summary>
    Add,

    /// <summary>y = product * sigmoid(product).</summary>
    Silu,
}

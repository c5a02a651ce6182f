using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>The layers that a network of records is made of: those whose gradients can be clipped.</summary>
internal interface ILayers
{
    /// <summary>x W' + bias, [R, out] from [R, in] and W [out, in].</summary>
    Tensor Linear(Tensor x, string weight, string? bias = null);

    /// <summary>x W, [R, out] from [R, in] and W [in, out].</summary>
    Tensor Product(Tensor x, string weight);

    /// <summary>x + bias, [R, H].</summary>
    Tensor Bias(Tensor x, string bias);

    /// <summary>Every row brought to mean 0 and variance 1, times gain, plus bias, [R, H].</summary>
    Tensor LayerNorm(Tensor x, string gain, string bias);

    /// <summary>Sum of the table's rows that a row names, plus bias, [R, H].</summary>
    /// <param name="ids">Of all rows, one row after the other.</param>
    /// <param name="offsets">Where each row's begin.</param>
    /// <param name="table">[V, H].</param>
    /// <param name="bias">[H], or none.</param>
    Tensor EmbeddingSum(long[] ids, long[] offsets, string table, string? bias = null);
}

using Tensor = TorchSharp.torch.Tensor;

namespace SynthStudio.Synthesis.Training;

/// <summary>A product of two matrices that is computed again and again, whatever they hold by then.</summary>
/// <param name="result">Its first rows become the product.</param>
/// <param name="a">[rows, inner], a view of a <see cref="ProductMatrix"/>.</param>
/// <param name="b">[inner, columns of the result], likewise.</param>
internal sealed class MatrixProduct(ProductMatrix result, Tensor a, Tensor b)
{
    private readonly Tensor target = result.Rows(0, (int)a.shape[0]);

    /// <returns>The matrix that holds the product.</returns>
    public ProductMatrix Compute()
    {
        target.addmm_(a, b, beta: 0, alpha: 1);
        return result;
    }
}

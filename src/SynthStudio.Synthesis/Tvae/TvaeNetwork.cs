using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SynthStudio.Synthesis.Tvae;

/// <summary>
/// The encoder q(z | row) and the decoder p(row | z) of TVAE (Xu et al., arXiv:1907.00503, 4.4):
/// <code>
/// h = relu(W relu(W [scalars, one-hot symbols]))                                    [B, H]
/// z ~ N(mu(h), exp(log variance(h)))                                                [B, L]
/// scalar ~ N(tanh(x), sigma),  symbol ~ softmax(x),  x = W relu(W relu(W z))        [B, A + V]
/// </code>
/// </summary>
internal sealed class TvaeNetwork
{
    private const float LeastSigma = 0.01f, MostSigma = 1;

    private readonly TvaeShape shape;
    private readonly ParameterSet parameters;

    public TvaeNetwork(TvaeShape shape, ParameterSet parameters) => (this.shape, this.parameters) = (shape, parameters);

    /// <summary>[A], how far scalars scatter around the decoder's mean.</summary>
    public Tensor Sigma => SigmaOf(parameters["decoder.sigma"]);

    /// <summary>The sigma of raw parameters.</summary>
    public static Tensor SigmaOf(Tensor raw) => raw.sigmoid() * (MostSigma - LeastSigma) + LeastSigma;

    /// <summary>The parameter whose sigma is <paramref name="sigma"/>.</summary>
    public static float RawSigma(float sigma) => -MathF.Log((MostSigma - LeastSigma) / (sigma - LeastSigma) - 1);

    /// <summary>Mean and log variance of z, [B, L] each.</summary>
    /// <param name="scalars">[B, A].</param>
    /// <param name="symbols">One-hot, [B, V].</param>
    public (Tensor Mean, Tensor LogVariance) Encode(Tensor scalars, Tensor symbols)
    {
        var h = symbols.matmul(parameters["encoder.symbols"]) + parameters["encoder.0.bias"];
        if (shape.Layout.Scalars > 0) h = h + scalars.matmul(parameters["encoder.scalars"]);
        h = linear(h.relu(), parameters["encoder.1.weight"], parameters["encoder.1.bias"]).relu();
        var latent = linear(h, parameters["encoder.latent.weight"], parameters["encoder.latent.bias"]);
        return (latent.narrow(1, 0, shape.EmbeddingDim), latent.narrow(1, shape.EmbeddingDim, shape.EmbeddingDim).clamp(-12, 6));
    }

    /// <summary>Means of the scalars [B, A] and logits of the symbols [B, V].</summary>
    /// <param name="z">[B, L].</param>
    public (Tensor Scalars, Tensor Logits) Decode(Tensor z)
    {
        var h = linear(z, parameters["decoder.0.weight"], parameters["decoder.0.bias"]).relu();
        h = linear(h, parameters["decoder.1.weight"], parameters["decoder.1.bias"]).relu();
        var output = linear(h, parameters["decoder.output.weight"], parameters["decoder.output.bias"]);
        return (output.narrow(1, 0, shape.Layout.Scalars).tanh(), output.narrow(1, shape.Layout.Scalars, shape.Layout.Tokens));
    }
}

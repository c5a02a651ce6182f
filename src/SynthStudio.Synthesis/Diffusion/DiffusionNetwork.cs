using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SynthStudio.Synthesis.Diffusion;

/// <summary>
/// The denoiser: a residual network on all of a noisy row.
/// <code>
/// h = W [noisy scalars / sqrt(sigma^2 + 1), given scalars, which are given, symbols, time]        [B, H]
/// h = h + W2 silu(W1 norm(h))                                                            for every block
/// F, logits = W norm(h);  scalars = noisy / (sigma^2 + 1) + sigma / sqrt(sigma^2 + 1) F
/// </code>
/// The last line is the preconditioning of Karras et al. (arXiv:2206.00364, table 1) for data of deviation 1.
/// </summary>
internal sealed class DiffusionNetwork(DiffusionShape shape, ParameterSet parameters)
{
    private readonly long[] normalised = [shape.Width];

    /// <summary>F [B, A] and the logits of the symbols [B, V].</summary>
    /// <param name="noisy">[B, A], already scaled; 0 where given.</param>
    /// <param name="given">[B, A], 0 where not given.</param>
    /// <param name="isGiven">[B, A], 1 where given.</param>
    /// <param name="symbols">One-hot, [B, V]; zeros where masked.</param>
    /// <param name="time">[B, T].</param>
    public (Tensor F, Tensor Logits) Forward(Tensor noisy, Tensor given, Tensor isGiven, Tensor symbols, Tensor time)
    {
        var h = Matrices.Linear(cat([noisy, given, isGiven, symbols, time], 1), parameters["input.weight"]) + parameters["input.bias"];
        for (var b = 0; b < shape.Blocks; b++)
        {
            var normal = layer_norm(h, normalised, parameters[$"block{b}.norm.gain"], parameters[$"block{b}.norm.bias"]);
            var up = silu(Matrices.Linear(normal, parameters[$"block{b}.up.weight"]) + parameters[$"block{b}.up.bias"]);
            h = h + Matrices.Linear(up, parameters[$"block{b}.down.weight"]) + parameters[$"block{b}.down.bias"];
        }

        var output = Matrices.Linear(layer_norm(h, normalised, parameters["norm.gain"], parameters["norm.bias"]), parameters["output.weight"])
            + parameters["output.bias"];
        return (output.narrow(1, 0, shape.Layout.Scalars), output.narrow(1, shape.Layout.Scalars, shape.Layout.Tokens));
    }
}

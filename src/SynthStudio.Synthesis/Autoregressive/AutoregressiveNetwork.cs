using SynthStudio.Synthesis.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>
/// The order-agnostic autoregressive network p(x_j | x_S) for any column j and any set S of observed columns:
/// <code>
/// h = bias + sum over observed columns of (embedding of its coarse token + linear map of its features) [B, H]
/// h = h + W2 silu(W1 norm(h))                                                        for every block
/// z = norm(h);  coarse logits of all columns = W z + log marginals                                      [B, V]
/// fine logits of a column = W3 silu(P z * (1 + g(coarse)) + a(coarse)) + log marginals given coarse     [B, 32]
/// </code>
/// A column that is not observed adds nothing, which is the same as a learned mask vector for each, folded into the bias. Fine tokens are
/// not part of the input: what they say of a value the features say too, in fewer parameters and with less to overfit.
/// </summary>
internal sealed class AutoregressiveNetwork : IDisposable
{
    private readonly NetworkShape shape;
    private readonly ParameterSet parameters;
    private readonly EmbeddingBag tokenSum;
    private readonly Embedding? fineContext;
    private readonly (Tensor NormGain, Tensor NormBias, Tensor Up, Tensor UpBias, Tensor Down, Tensor DownBias)[] blocks;
    private readonly long[] normalised;

    public AutoregressiveNetwork(NetworkShape shape, ParameterSet parameters)
    {
        this.shape = shape;
        this.parameters = parameters;
        normalised = [shape.Width];
        tokenSum = nn.EmbeddingBag(1, shape.Width, mode: EmbeddingBagMode.Sum);
        tokenSum.weight = parameters["input.tokens"];
        if (shape.Tokens.FineColumns.Length > 0)
        {
            fineContext = nn.Embedding(1, 1);
            fineContext.weight = parameters["fine.context"];
        }

        blocks = [.. Enumerable.Range(0, shape.Blocks).Select(b => (
            (Tensor)parameters[$"block{b}.norm.gain"], (Tensor)parameters[$"block{b}.norm.bias"],
            (Tensor)parameters[$"block{b}.up.weight"], (Tensor)parameters[$"block{b}.up.bias"],
            (Tensor)parameters[$"block{b}.down.weight"], (Tensor)parameters[$"block{b}.down.bias"]))];
    }

    /// <summary>Input of the trunk.</summary>
    /// <param name="tokens">Observed coarse tokens of all rows, one row after the other.</param>
    /// <param name="offsets">[B], where each row begins in <paramref name="tokens"/>.</param>
    /// <param name="features">[B, F], zeros for what is not observed; null without numeric columns.</param>
    public Tensor Embed(Tensor tokens, Tensor offsets, Tensor? features)
    {
        var sum = tokenSum.call(tokens, offsets).add(parameters["input.bias"], Scalars.One);
        return features is null ? sum : sum.add(features.matmul(parameters["input.features"]), Scalars.One);
    }

    /// <summary>z from h, both [B, H].</summary>
    /// <param name="h">The input.</param>
    /// <param name="keep">Makes a mask of a size, for dropout of the blocks' hidden units; null drops nothing.</param>
    public Tensor Trunk(Tensor h, Func<long[], Tensor>? keep = null)
    {
        foreach (var (gain, bias, up, upBias, down, downBias) in blocks)
        {
            var normal = nn.functional.layer_norm(h, normalised, gain, bias);
            var hidden = nn.functional.silu(nn.functional.linear(normal, up, upBias));
            if (keep is not null) hidden *= keep(hidden.shape);
            h = h.add(nn.functional.linear(hidden, down, downBias), Scalars.One);
        }

        return nn.functional.layer_norm(h, normalised, parameters["norm.gain"], parameters["norm.bias"]);
    }

    /// <summary>Coarse logits of all columns, [B, V].</summary>
    public Tensor CoarseLogits(Tensor z) => nn.functional.linear(z, parameters["output.weight"], parameters["output.bias"]);

    /// <summary>Coarse logits of one column, [B, its coarse tokens].</summary>
    public Tensor CoarseLogits(Tensor z, int column)
    {
        long offset = shape.Tokens.CoarseOffset[column], count = shape.Tokens.Columns[column].CoarseCount;
        return nn.functional.linear(
            z, parameters["output.weight"].narrow(0, offset, count), parameters["output.bias"].narrow(0, offset, count));
    }

    /// <summary>Fine logits of all columns that have them, [columns, B, fine tokens].</summary>
    /// <param name="z">[B, H].</param>
    /// <param name="contexts">[B * columns], the coarse tokens under which to predict, as fine contexts.</param>
    public Tensor FineLogits(Tensor z, Tensor contexts)
    {
        long rows = z.shape[0], columns = shape.Tokens.FineColumns.Length;
        return FineHead(nn.functional.linear(z, parameters["fine.project"]), contexts, rows, columns, parameters["fine.output"]);
    }

    /// <summary>Fine logits of one column, [B, fine tokens].</summary>
    /// <param name="z">[B, H].</param>
    /// <param name="contexts">[B].</param>
    /// <param name="fineColumn">Index among the columns with fine tokens.</param>
    public Tensor FineLogits(Tensor z, Tensor contexts, int fineColumn)
    {
        var project = parameters["fine.project"].narrow(0, fineColumn * NetworkShape.FineWidth, NetworkShape.FineWidth);
        return FineHead(
            nn.functional.linear(z, project), contexts, z.shape[0], 1, parameters["fine.output"].narrow(0, fineColumn, 1)).squeeze(0);
    }

    public void Dispose()
    {
        // The modules only borrow the parameters.
        GC.SuppressFinalize(this);
    }

    private Tensor FineHead(Tensor projected, Tensor contexts, long rows, long columns, Tensor output)
    {
        const int d = NetworkShape.FineWidth;
        var context = fineContext!.call(contexts).view(rows, columns, -1);
        var plain = projected.view(rows, columns, d);
        var hidden = nn.functional.silu(
            plain.addcmul(plain, context.narrow(2, 0, d), Scalars.One).add(context.narrow(2, d, d), Scalars.One));
        return hidden.transpose(0, 1).bmm(output).add(context.narrow(2, 2 * d, shape.Tokens.FineTokens).transpose(0, 1), Scalars.One);
    }
}

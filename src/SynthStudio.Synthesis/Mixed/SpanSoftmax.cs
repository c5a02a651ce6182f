using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>
/// Softmax over each column's span of logits. Sums over spans are products with the columns' indicator matrix: a few operations on the whole
/// batch instead of a few for each column.
/// </summary>
internal sealed class SpanSoftmax : IDisposable
{
    /// <summary>
    /// Logits this far below their span's largest count as this far: their probabilities, below a billionth, would come out as denormal numbers,
    /// on which processors are a hundred times slower.
    /// </summary>
    private const float LeastLogit = -20;

    /// <summary>The same for logits below their row's largest, far below what spans of one row differ by.</summary>
    private const float LeastLogitOfRow = -60;

    private readonly long[] spans;
    private readonly Tensor membership, membershipTransposed;

    public SpanSoftmax(MixedLayout layout, TorchSharp.torch.Device device)
    {
        spans = [.. layout.Columns.Select(column => (long)column.Symbols)];
        var indicator = new float[layout.Tokens, layout.Count];
        for (var c = 0; c < layout.Count; c++)
            for (var s = 0; s < layout.Columns[c].Symbols; s++)
                indicator[layout.TokenOffset[c] + s, c] = 1;

        using var scope = NewDisposeScope();
        membership = tensor(indicator, device: device).DetachFromDisposeScope();
        membershipTransposed = membership.t().contiguous().DetachFromDisposeScope();
    }

    /// <summary>Probabilities, [B, V] from logits [B, V].</summary>
    public Tensor Of(Tensor logits)
    {
        var exponentials = (logits - Tops(logits).matmul(membershipTransposed)).clamp_min(LeastLogit).exp();
        return exponentials / exponentials.matmul(membership).matmul(membershipTransposed);
    }

    /// <summary>Logarithm of the sum of each span's exponentials, [B, C] from logits [B, V].</summary>
    /// <remarks>Measured by the row's largest logit, not the span's: one operation instead of one a column.</remarks>
    public Tensor LogNormaliser(Tensor logits)
    {
        var top = logits.detach().amax([1], keepdim: true);
        return (logits - top).clamp_min(LeastLogitOfRow).exp().matmul(membership).log() + top;
    }

    /// <summary>Sum over each span, [B, C] from [B, V].</summary>
    public Tensor Sum(Tensor values) => values.matmul(membership);

    public void Dispose()
    {
        membership.Dispose();
        membershipTransposed.Dispose();
    }

    /// <summary>Largest logit of each span, [B, C], a constant to the gradient.</summary>
    private Tensor Tops(Tensor logits)
    {
        using var none = no_grad();
        return cat([.. logits.split(spans, 1).Select(span => span.amax([1], keepdim: true))], 1);
    }
}

using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>What a layer keeps of a forward pass to clip its gradients.</summary>
/// <param name="output">[B, …].</param>
internal abstract class Tap(Tensor output)
{
    public Tensor Output { get; } = output;

    /// <summary>Squared norm of each record's gradient by the layer's parameters, [B].</summary>
    /// <param name="b">Gradient of the summed loss by the output, [B, …].</param>
    /// <param name="squared">Squared norm of each row of <paramref name="b"/>, [B].</param>
    public abstract Tensor SquaredNorms(Tensor b, Tensor squared);

    /// <summary>Adds the records' gradients, each times its factor, to the parameters' gradients.</summary>
    /// <param name="b">As above; zero where <paramref name="factors"/> is because the record is left out.</param>
    /// <param name="factors">[B].</param>
    public abstract void Accumulate(Tensor b, Tensor factors);

    /// <summary>Forgets the inputs of records that are left out: zero times infinity is no zero.</summary>
    /// <param name="leftOut">[B], true for those.</param>
    public virtual void Mask(Tensor leftOut)
    {
    }

    /// <summary>Squared norm of every row, [B] from [B, H].</summary>
    public static Tensor SquaredRowNorms(Tensor x) => linalg.vector_norm(x, 2, [1]).pow_(Scalars.Two);
}

using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>What a layer keeps of a forward pass to clip its gradients. B records, T rows each.</summary>
/// <param name="output">[B T, …].</param>
internal abstract class Tap(Tensor output)
{
    public Tensor Output { get; } = output;

    /// <summary>Squared norm of each record's gradient by the layer's parameters, [B].</summary>
    /// <param name="b">Gradient of the summed loss by the output, [B T, …].</param>
    /// <param name="passes">T.</param>
    public abstract Tensor SquaredNorms(Tensor b, int passes);

    /// <summary>Adds the records' gradients, each times its factor, to the parameters' gradients.</summary>
    /// <param name="b">As above; zero where <paramref name="factors"/> is because the record is left out.</param>
    /// <param name="factors">[B T], the same for all rows of a record.</param>
    public abstract void Accumulate(Tensor b, Tensor factors);

    /// <summary>Forgets the inputs of records that are left out: zero times infinity is no zero.</summary>
    /// <param name="leftOut">[B T], true for their rows.</param>
    public virtual void Mask(Tensor leftOut)
    {
    }

    /// <summary>Squared norm of the sum of each record's rows, [B] from [B T, H].</summary>
    protected static Tensor SquaredSums(Tensor x, int passes) =>
        linalg.vector_norm(passes == 1 ? x : x.view(-1, passes, x.shape[1]).sum(1), 2, [1]).pow_(Scalars.Two);
}

using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// A network whose loss is a sum over records, as private training sees it. It may touch its parameters through the layers it is given only, and
/// no record may touch another: no statistics of the batch, no pairs of records.
/// </summary>
internal interface IRecordNetwork : IDisposable
{
    /// <summary>T: rows of a record in one forward pass.</summary>
    int Passes => 1;

    /// <summary>Loss of some records, summed, [].</summary>
    /// <param name="records">Row numbers; at least one.</param>
    /// <param name="layers">What the parameters are used by.</param>
    /// <remarks>
    /// Coins of a record (masks, latent noise) must be secret and drawn for each record by itself. If they followed from a known seed and the
    /// record's place in the batch, one record more would change the coins, and so the gradients, of all records behind it.
    /// </remarks>
    Tensor Loss(ReadOnlySpan<int> records, ILayers layers);
}

using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests.DpSgd;

/// <summary>Records that each push a coordinate of their own, as hard as clipping lets them: what an attacker who sees every gradient would plant.</summary>
/// <param name="canaries">How many there may be.</param>
/// <param name="push">Norm of a record's gradient before it is clipped.</param>
internal sealed class CanaryNetwork(int canaries, float push) : IRecordNetwork
{
    public ParameterLayout Layout { get; } = new([new("canaries", [canaries, 1], Decays: false)]);

    public Tensor Loss(ReadOnlySpan<int> records, ILayers layers)
    {
        var (ids, offsets) = (new long[records.Length], new long[records.Length]);
        for (var i = 0; i < records.Length; i++) (ids[i], offsets[i]) = (records[i], i);
        return layers.EmbeddingSum(ids, offsets, "canaries").sum().mul(push);
    }

    public void Dispose()
    {
    }
}

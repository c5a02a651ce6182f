using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests.DpSgd;

/// <summary>A small network with every kind of clipped layer, on made-up records; what autograd says of each record alone is the truth it is held to.</summary>
/// <param name="records">How many.</param>
/// <param name="passes">Rows of each record in one forward pass.</param>
internal sealed class ToyNetwork(int records, int passes = 1) : IRecordNetwork
{
    public static readonly ParameterLayout Layout = new(
    [
        new("table", [9, 6], Decays: false),
        new("features", [3, 6], Decays: true),
        new("bias", [6], Decays: false),
        new("shift", [6], Decays: false),
        new("norm.gain", [6], Decays: false),
        new("norm.bias", [6], Decays: false),
        new("hidden.weight", [7, 6], Decays: true),
        new("hidden.bias", [7], Decays: false),
        new("output.weight", [4, 7], Decays: true),
    ]);

    /// <summary>Scales each record's loss, and with it its gradient; may be infinite or no number.</summary>
    public float[] Scales { get; } = Enumerable.Repeat(1f, records).ToArray();

    public int Passes => passes;

    /// <summary>A parameter that is not used through the layers.</summary>
    public string? Forgotten { get; init; }

    /// <summary>A layer that is used twice.</summary>
    public bool Tied { get; init; }

    public static float[] Initial()
    {
        var random = new Randomness.SeededStream(3, Randomness.StreamPurpose.InitialWeights, 0);
        return [.. Enumerable.Range(0, (int)Layout.Count).Select(_ => (float)random.NextGaussian() * 0.7f)];
    }

    public Tensor Loss(ReadOnlySpan<int> some, ILayers layers)
    {
        var (ids, offsets, features, targets) = Inputs(some);
        var h = layers.EmbeddingSum(ids, offsets, "table", "shift").add(layers.Product(features, "features"));
        h = layers.LayerNorm(Forgotten == "bias" ? h : layers.Bias(h, "bias"), "norm.gain", "norm.bias");
        h = layers.Linear(nn.functional.silu(h), "hidden.weight", "hidden.bias");
        if (Tied) h = layers.Linear(h.narrow(1, 0, 6), "hidden.weight");
        return Losses(layers.Linear(h.tanh(), "output.weight"), targets, some).sum();
    }

    /// <summary>The same loss by ordinary operations on parameters that autograd knows.</summary>
    public Tensor OrdinaryLoss(ReadOnlySpan<int> some, ParameterSet p)
    {
        var (ids, offsets, features, targets) = Inputs(some);
        var bag = nn.EmbeddingBag(1, 6, mode: EmbeddingBagMode.Sum);
        bag.weight = p["table"];
        var h = bag.call(tensor(ids), tensor(offsets)).add(p["shift"]).add(features.matmul(p["features"])).add(p["bias"]);
        h = nn.functional.layer_norm(h, [6], p["norm.gain"], p["norm.bias"]);
        h = nn.functional.linear(nn.functional.silu(h), p["hidden.weight"], p["hidden.bias"]);
        return Losses(nn.functional.linear(h.tanh(), p["output.weight"]), targets, some).sum();
    }

    public void Dispose()
    {
    }

    private Tensor Losses(Tensor output, Tensor targets, ReadOnlySpan<int> some)
    {
        var scales = new float[some.Length];
        for (var i = 0; i < scales.Length; i++) scales[i] = Scales[some[i]];
        return output.sub(targets).pow(2).sum(1).mul(tensor(scales).repeat_interleave(passes));
    }

    private (long[] Ids, long[] Offsets, Tensor Features, Tensor Targets) Inputs(ReadOnlySpan<int> some)
    {
        var (ids, offsets) = (new List<long>(), new List<long>());
        var features = new float[some.Length * passes, 3];
        var targets = new float[some.Length * passes, 4];
        for (var i = 0; i < some.Length * passes; i++)
        {
            // Some rows name an id twice, some name none; rows of a record share some.
            var (record, pass) = (some[i / passes], i % passes);
            offsets.Add(ids.Count);
            for (var k = 0; k < (record + pass) % 4; k++) ids.Add((record * 5L + k / (1 + record % 2)) % 9);
            for (var f = 0; f < 3; f++) features[i, f] = MathF.Sin(record * 3 + f + 0.7f * pass);
            for (var t = 0; t < 4; t++) targets[i, t] = MathF.Cos(record + 2 * t - pass);
        }

        return ([.. ids], [.. offsets], tensor(features), tensor(targets));
    }
}

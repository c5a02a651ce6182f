using System.Text.Json;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>A table learned by CTGAN.</summary>
internal sealed class CtganModel : MixedModel
{
    private readonly CtganShape shape;
    private readonly float[][] statistics;
    private readonly CtganSampler sampler;

    public CtganModel(
        MixedCodec codec, CtganShape shape, float[][] statistics, float[] weights, IReadOnlyDictionary<string, double> metrics, ComputeDevice device,
        string method = CtganSynthesizer.Name, PrivacyStatement? privacy = null)
        : base(method, codec, shape.Parameters, weights, metrics, device, privacy)
    {
        (this.shape, this.statistics) = (shape, statistics);
        sampler = new CtganSampler(shape, Parameters, new NormStatistics(statistics, device.Torch), device.Torch);
    }

    /// <summary>Reads a package of this method.</summary>
    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    public static CtganModel Load(ModelPackage package, ComputeDevice device) => Read<CtganModel, Network>(package, (codec, network, weights) =>
    {
        var layout = new MixedLayout(codec.Columns);
        var shape = new CtganShape(
            layout, network.Unconditional ? ConditionLayout.None(layout) : new ConditionLayout(layout, network.LogFrequency), network.Sizes);
        var fits = network.Statistics.Length == 4 && Array.TrueForAll(network.Statistics, layer => layer.Length == network.Sizes.GeneratorWidth);
        return fits
            ? new CtganModel(
                codec, shape, network.Statistics, weights, package.Manifest.Metrics, device, package.Manifest.Method, package.Manifest.PrivacyStatement)
            : throw new InvalidDataException("The normalisations do not match the network.");
    });

    protected override byte[] NetworkSizes() =>
        JsonSerializer.SerializeToUtf8Bytes(new Network(shape.Sizes, shape.Conditions.LogFrequency, statistics, shape.Conditions.Count == 0));

    protected override Func<int, long, MixedRows> Prepare(SampleRequest request, MixedConditions conditions, CancellationToken cancellation)
    {
        var given = Enumerable.Range(0, shape.Layout.Count).Where(c => conditions.Symbols[c] is not null).ToArray();
        if (given.Length == 0) return (rows, block) => sampler.Draw(rows, request.Seed, StreamPurpose.SampledTokens, block);
        var column = given[0];
        var name = Codec.Table.Columns[Codec.Table.Modelled[column]].Schema.Name;
        if (given.Length > 1 || shape.Conditions.Count == 0 || !shape.Layout.Columns[column].IsCategory)
        {
            throw new SynthesisException(
                SynthesisError.Unsupported, "A ctgan model can be given one category of one column, no numbers and no second column.", name);
        }

        var condition = shape.Conditions.Of(column, conditions.Symbols[column]!.Value.Symbol);
        return (rows, block) => sampler.DrawGiven(rows, request.Seed, block, condition, cancellation) ?? throw new SynthesisException(
            SynthesisError.ImpossibleCondition, $"Column '{name}': the generator did not learn to draw the category asked for.", name);
    }

    private sealed record Network(CtganSizes Sizes, bool LogFrequency, float[][] Statistics, bool Unconditional = false);
}

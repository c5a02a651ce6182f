using System.Text.Json;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Tvae;

/// <summary>A table learned by TVAE.</summary>
internal sealed class TvaeModel : MixedModel
{
    private readonly TvaeShape shape;
    private readonly TvaeSampler sampler;

    public TvaeModel(
        MixedCodec codec, TvaeShape shape, float[] weights, IReadOnlyDictionary<string, double> metrics, ComputeDevice device,
        string method = TvaeSynthesizer.Name, PrivacyStatement? privacy = null)
        : base(method, codec, shape.Parameters, weights, metrics, device, privacy)
    {
        this.shape = shape;
        sampler = new TvaeSampler(shape, Parameters, device.Torch);
    }

    /// <summary>Reads a package of this method.</summary>
    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    public static TvaeModel Load(ModelPackage package, ComputeDevice device) => Read<TvaeModel, Sizes>(package, (codec, sizes, weights) =>
        new TvaeModel(
            codec, new TvaeShape(new MixedLayout(codec.Columns), sizes.Width, sizes.EmbeddingDim), weights, package.Manifest.Metrics, device,
            package.Manifest.Method, package.Manifest.PrivacyStatement));

    protected override byte[] NetworkSizes() => JsonSerializer.SerializeToUtf8Bytes(new Sizes(shape.Width, shape.EmbeddingDim));

    protected override Func<int, long, MixedRows> Prepare(SampleRequest request, MixedConditions conditions, CancellationToken cancellation) =>
        (rows, block) => sampler.Draw(rows, request.Seed, block);

    private sealed record Sizes(int Width, int EmbeddingDim);
}

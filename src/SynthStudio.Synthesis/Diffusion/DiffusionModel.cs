using System.Text.Json;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Diffusion;

/// <summary>A table learned by diffusion.</summary>
internal sealed class DiffusionModel : MixedModel, IImputer
{
    private readonly Network network;
    private readonly DiffusionSampler sampler;

    public DiffusionModel(
        MixedCodec codec, DiffusionShape shape, int samplingSteps, float[] weights, IReadOnlyDictionary<string, double> metrics, ComputeDevice device)
        : base(DiffusionSynthesizer.Name, codec, shape.Parameters, weights, metrics, device)
    {
        network = new Network(shape.Width, shape.Blocks, samplingSteps);
        sampler = new DiffusionSampler(shape, Parameters, samplingSteps, device.Torch);
    }

    /// <summary>Reads a package of this method.</summary>
    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    public static DiffusionModel Load(ModelPackage package, ComputeDevice device) => Read<DiffusionModel, Network>(package, (codec, network, weights) =>
    {
        var shape = new DiffusionShape(new MixedLayout(codec.Columns), network.Width, network.Blocks);
        return new DiffusionModel(codec, shape, network.SamplingSteps, weights, package.Manifest.Metrics, device);
    });

    public Table Impute(Table table, long seed, CancellationToken cancellation) =>
        new DiffusionImputation(Codec, sampler, Device).Run(table, seed, cancellation);

    protected override byte[] NetworkSizes() => JsonSerializer.SerializeToUtf8Bytes(network);

    protected override Func<int, long, MixedRows> Prepare(SampleRequest request, MixedConditions conditions, CancellationToken cancellation) =>
        (rows, block) => sampler.Draw(MixedGiven.Same(Codec.Columns, conditions.Symbols, rows), request.Seed, block, cancellation);

    private sealed record Network(int Width, int Blocks, int SamplingSteps);
}

using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Synthesis.Tvae;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.DpTvae;

/// <summary>
/// The variational autoencoder for tables (<see cref="TvaeSynthesizer"/>) under differential privacy: domains as declared, modes from bought marginals,
/// encoder and decoder by DP-SGD.
/// </summary>
/// <param name="time">The clock of budgets and checkpoints.</param>
public sealed class DpTvaeSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "dp-tvae";

    public string Method => Name;

    public string Summary => "Variational autoencoder (TVAE) under differential privacy (DP-SGD), no conditions.";

    public Capabilities Capabilities => Capabilities.DifferentialPrivacy;

    public IReadOnlyList<MethodOption> Options => DpTvaeOptions.Known;

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = DpTvaeOptions.Parse(request.Options);
        var training = new PrivateFit(Name, table, request, observer, time, cancellation);
        var codec = MixedCodec.Around(training.Codec);
        var rows = training.Marginals.Encode(table, codec);
        var shape = new TvaeShape(new MixedLayout(codec.Columns), options.Width, options.EmbeddingDim);
        var choice = new PrivateChoice(options.Steps, options.SampleRate, options.ClipNorm, options.LearningRate) { WantedBatch = 1_024 };
        var (weights, metrics, statement) = training.Run(
            shape.Parameters, shape.Initial(request.Seed), choice, () => new DpTvaeRecords(shape, rows, options.LossFactor, training.Device.Torch));
        return new TvaeModel(codec, shape, weights, metrics, training.Device, Name, statement);
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads) => TvaeModel.Load(package, ComputeDevice.Resolve(device, threads));
}

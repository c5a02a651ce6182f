using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
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

    public MemoryNeed Memory => MemoryNeed.Megabytes(550, 8);

    public IReadOnlyList<MethodOption> Options { get; } =
    [
        MethodOption.Integer("width", "Units of the hidden layers of encoder and decoder.", 8, 4_096, 128),
        MethodOption.Integer("embedding_dim", "Dimensions of the latent space.", 1, 1_024, 16),
        MethodOption.Number("loss_factor", "Weight of the reconstruction against the divergence; 1 is the likelihood bound.", 0.1, 100, 5),
        .. PrivateChoice.Known(steps: 800, batchRows: 1_024, clipNorm: 100, learningRate: 1e-2),
    ];

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = new MethodOptions(Name, Options, request.Options);
        var training = new PrivateFit(Name, table, request, DomainOptions.Of(options), observer, time, cancellation);
        var codec = MixedCodec.Around(training.Codec);
        var rows = training.Marginals.Encode(table, codec);
        var shape = new TvaeShape(new MixedLayout(codec.Columns), options.Integer("width"), options.Integer("embedding_dim"));
        var lossFactor = options.Number("loss_factor");
        var (weights, metrics, statement) = training.Run(
            shape.Parameters, shape.Initial(request.Seed), PrivateChoice.Of(options),
            () => new DpTvaeRecords(shape, rows, lossFactor, training.Device.Torch));
        MarginalCalibration.Apply(
            weights, shape.Parameters, "decoder.output.bias", shape.Layout.Scalars, [.. codec.Columns.Select(column => column.Counts)], Model,
            drawn => training.Marginals.Encode(drawn, codec).Symbols);
        return Model(weights);

        TvaeModel Model(float[] trained) => new(codec, shape, trained, metrics, training.Device, Name, statement);
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads) => TvaeModel.Load(package, ComputeDevice.Resolve(device, threads));
}

using SynthStudio.Synthesis.Ctgan;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpCtgan;

/// <summary>
/// The adversarial network for tables (<see cref="CtganSynthesizer"/>) under differential privacy: the critic by DP-SGD, no packs, no conditions, no
/// frequencies but bought ones, and several steps of the critic for one of the generator. Here for comparison: the other private methods are better.
/// </summary>
/// <param name="time">The clock of budgets and checkpoints.</param>
public sealed class DpCtganSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "dp-ctgan";

    public string Method => Name;

    public string Summary => "Adversarial network (CTGAN) whose critic is trained under differential privacy (DP-SGD); for comparison, others are better.";

    public Capabilities Capabilities => Capabilities.DifferentialPrivacy;

    public MemoryNeed Memory => MemoryNeed.Megabytes(950, 8);

    public IReadOnlyList<MethodOption> Options { get; } =
    [
        MethodOption.Integer("generator_width", "Units of the generator's hidden layers.", 8, 4_096, 128),
        MethodOption.Integer("critic_width", "Units of the critic's hidden layers.", 8, 4_096, 64),
        MethodOption.Integer("embedding_dim", "Dimensions of the generator's noise.", 1, 1_024, 64),
        MethodOption.Integer("fake_rows", "Rows that the generator draws in a step.", 16, 65_536, 256),
        MethodOption.Integer("critic_steps", "Steps of the critic for one of the generator: its noise averages out before the generator follows it.", 1, 1_000, 5),
        .. PrivateChoice.Known(steps: 2_000, batchRows: 512, clipNorm: 1, learningRate: 5e-3),
    ];

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = new MethodOptions(Name, Options, request.Options);
        var training = new PrivateFit(Name, table, request, DomainOptions.Of(options), observer, time, cancellation);
        var codec = MixedCodec.Around(training.Codec);
        var rows = training.Marginals.Encode(table, codec);
        var layout = new MixedLayout(codec.Columns);
        var sizes = new CtganSizes(options.Integer("generator_width"), options.Integer("critic_width"), options.Integer("embedding_dim"), Pac: 1);
        var shape = new CtganShape(layout, ConditionLayout.None(layout), sizes);
        var (fakeRows, criticSteps) = (options.Integer("fake_rows"), options.Integer("critic_steps"));
        var (weights, metrics, statement) = training.Run(
            shape.Parameters, CtganShape.Critic, PrivateChoice.Of(options),
            (batch, recordNorm, shards) =>
                new DpCtganTrainable(shape, rows, batch, recordNorm, fakeRows, criticSteps, shards, request.Seed, training.Device.Torch));
        MarginalCalibration.Apply(
            weights, shape.Parameters, "generator.output.bias", layout.Scalars, [.. codec.Columns.Select(column => column.Counts)], Model,
            drawn => training.Marginals.Encode(drawn, codec).Symbols);
        return Model(weights);

        CtganModel Model(float[] trained) =>
            new(codec, shape, Calibrate(shape, trained, request.Seed, training.Device), trained, metrics, training.Device, Name, statement);
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads) => CtganModel.Load(package, ComputeDevice.Resolve(device, threads));

    private static float[][] Calibrate(CtganShape shape, float[] weights, long seed, ComputeDevice device)
    {
        using var scope = NewDisposeScope();
        using var parameters = new ParameterSet(shape.Parameters, tensor(weights, device: device.Torch), trainable: false);
        return CtganTrainer.Calibrate(shape, parameters, seed, device.Torch).ToArrays();
    }
}

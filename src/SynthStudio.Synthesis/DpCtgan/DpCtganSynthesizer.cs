using SynthStudio.Synthesis.Ctgan;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpCtgan;

/// <summary>
/// The adversarial network for tables (<see cref="CtganSynthesizer"/>) under differential privacy: the critic by DP-SGD, no packs, no conditions, no
/// frequencies but bought ones. Here for comparison: the other private methods are better and faster.
/// </summary>
/// <param name="time">The clock of budgets and checkpoints.</param>
public sealed class DpCtganSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "dp-ctgan";

    public string Method => Name;

    public string Summary => "Adversarial network (CTGAN) whose critic is trained under differential privacy (DP-SGD); for comparison, others are better.";

    public Capabilities Capabilities => Capabilities.DifferentialPrivacy;

    public IReadOnlyList<MethodOption> Options => DpCtganOptions.Known;

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = DpCtganOptions.Parse(request.Options);
        var training = new PrivateFit(Name, table, request, observer, time, cancellation);
        var codec = MixedCodec.Around(training.Codec);
        var rows = training.Marginals.Encode(table, codec);
        var layout = new MixedLayout(codec.Columns);
        var shape = new CtganShape(layout, ConditionLayout.None(layout), new CtganSizes(options.GeneratorWidth, options.CriticWidth, options.EmbeddingDim, Pac: 1));
        var choice = new PrivateChoice(options.Steps, options.SampleRate, options.ClipNorm, options.LearningRate) { WantedBatch = 512 };
        var (weights, metrics, statement) = training.Run(
            shape.Parameters, CtganShape.Critic, choice,
            (batch, recordNorm, shards) => new DpCtganTrainable(shape, rows, batch, recordNorm, options.FakeRows, shards, request.Seed, training.Device.Torch));
        return new CtganModel(
            codec, shape, Calibrate(shape, weights, request.Seed, training.Device), weights, metrics, training.Device, Name, statement);
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads) => CtganModel.Load(package, ComputeDevice.Resolve(device, threads));

    private static float[][] Calibrate(CtganShape shape, float[] weights, long seed, ComputeDevice device)
    {
        using var scope = NewDisposeScope();
        using var parameters = new ParameterSet(shape.Parameters, tensor(weights, device: device.Torch), trainable: false);
        return CtganTrainer.Calibrate(shape, parameters, seed, device.Torch).ToArrays();
    }
}

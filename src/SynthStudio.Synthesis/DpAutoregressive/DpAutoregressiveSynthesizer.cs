using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.DpAutoregressive;

/// <summary>
/// The autoregressive network (<see cref="AutoregressiveSynthesizer"/>) under differential privacy: domains as declared, one-way marginals bought with
/// a tenth of the promise, the rest spent on DP-SGD (Abadi et al., arXiv:1607.00133) by <see cref="PrivateSteps"/>.
/// </summary>
/// <param name="time">The clock of budgets and checkpoints.</param>
public sealed class DpAutoregressiveSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "dp-autoregressive";

    public string Method => Name;

    public string Summary => "The autoregressive network under differential privacy (DP-SGD): for downstream models, any columns given.";

    public Capabilities Capabilities => (AutoregressiveSynthesizer.CanDo & ~(Capabilities.WarmStart | Capabilities.Streams)) | Capabilities.DifferentialPrivacy;

    public IReadOnlyList<MethodOption> Options => DpAutoregressiveOptions.Known;

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = DpAutoregressiveOptions.Parse(request.Options);
        var training = new PrivateFit(Name, table, request, observer, time, cancellation);
        var cells = training.Marginals.Encode(table);
        var tokens = new TokenLayout([.. training.Codec.Modelled.Select(c => training.Codec.Columns[c].Layout)]);
        var shape = new NetworkShape(tokens, options.Width, options.Blocks);
        var order = Order(tokens, training.Codec);
        var choice = new PrivateChoice(options.Steps, options.SampleRate, options.ClipNorm, options.LearningRate);
        var (weights, metrics, statement) = training.Run(
            shape.Parameters, shape.Initial(request.Seed), choice, () => new DpAutoregressiveRecords(shape, cells, order, options.AnyOrderShare, training.Device.Torch));
        return new AutoregressiveModel(
            training.Codec, (new InferenceNetwork(shape, weights), [.. order.Select(c => new[] { c })]), weights, RowRefinement.None(training.Codec),
            metrics, request.Threads, Name, statement);
    }

    /// <remarks>Drawing computes on the CPU; a GPU is only checked to be there when it is asked for by name.</remarks>
    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        if (device == Device.Cuda) ComputeDevice.Resolve(device, threads);
        return AutoregressiveModel.Load(package, threads);
    }

    /// <summary>The target last, as it then follows from all others by one conditional distribution, learned as such; else those with few cells first.</summary>
    private static int[] Order(TokenLayout tokens, TableCodec codec)
    {
        var target = codec.Schema.Target is { } name ? codec.ModelledIndexOf(name) : -1;
        return [.. tokens.SamplingOrder.OrderBy(c => c == target)];
    }
}

using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
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

    public MemoryNeed Memory => MemoryNeed.Megabytes(500, 8);

    public IReadOnlyList<MethodOption> Options { get; } =
    [
        MethodOption.Integer("width", "Units of the network's hidden layers.", 16, 4_096, 128),
        MethodOption.Integer("blocks", "Residual blocks of the network.", 1, 32, 1),
        MethodOption.Number("any_order_share", "Share of the rows that are learned in a random order of the columns, for samples with given columns.", 0, 1, 0.25),
        .. PrivateChoice.Known(steps: 400, batchRows: 256, clipNorm: 30, learningRate: 4e-3),
    ];

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = new MethodOptions(Name, Options, request.Options);
        var training = new PrivateFit(Name, table, request, DomainOptions.Of(options), observer, time, cancellation);
        var cells = training.Codec.Encode(table);
        var tokens = new TokenLayout([.. training.Codec.Modelled.Select(c => training.Codec.Columns[c].Layout)]);
        var shape = new NetworkShape(tokens, options.Integer("width"), options.Integer("blocks"));
        var order = Order(tokens, training.Codec);
        var anyOrderShare = options.Number("any_order_share");
        var (weights, metrics, statement) = training.Run(
            shape.Parameters, shape.Initial(request.Seed), PrivateChoice.Of(options),
            () => new DpAutoregressiveRecords(shape, cells, order, anyOrderShare, training.Device.Torch));
        MarginalCalibration.Apply(weights, shape.Parameters, "output.bias", 0, [.. tokens.Columns.Select(column => column.Counts)], Model, training.Codec.Encode);
        return Model(weights);

        AutoregressiveModel Model(float[] trained) => new(
            training.Codec, (new InferenceNetwork(shape, trained), [.. order.Select(c => new[] { c })]), trained, RowRefinement.None(training.Codec),
            metrics, request.Threads, Name, statement);
    }

    /// <remarks>Drawing computes on the CPU; a GPU is only checked to be there when it is asked for by name.</remarks>
    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        if (device == Device.Cuda) ComputeDevice.Resolve(device, threads);
        return AutoregressiveModel.Load(package, threads);
    }

    /// <summary>
    /// The target last, as it then follows from all others by one conditional distribution, learned as such; else
    /// those with few cells first.
    /// </summary>
    private static int[] Order(TokenLayout tokens, TableCodec codec)
    {
        var target = codec.Schema.Target is { } name ? codec.ModelledIndexOf(name) : -1;
        return [.. tokens.SamplingOrder.OrderBy(c => c == target)];
    }
}

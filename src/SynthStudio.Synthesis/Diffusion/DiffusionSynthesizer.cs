using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Diffusion;

/// <summary>
/// Diffusion of numbers and categories together, after TabDiff (Shi et al., arXiv:2410.20626): Gaussian noise on the scalars, masks on the
/// symbols, one denoiser. For those with a GPU and patience.
/// </summary>
/// <param name="time">The clock of budgets and checkpoints.</param>
public sealed class DiffusionSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "diffusion";

    /// <summary>Processor time of a step on 500 rows: so much, and so much more a column.</summary>
    private const double StepSeconds = 0.045, ColumnStepSeconds = 0.0005;

    public string Method => Name;

    public string Summary => "Mixed diffusion of numbers and categories: slow to train and to draw, any columns given, missing cells filled. Best with a GPU.";

    public Capabilities Capabilities => Capabilities.GivenValues | Capabilities.Impute;

    public MemoryNeed Memory => MemoryNeed.Megabytes(500, 6);

    public IReadOnlyList<MethodOption> Options => DiffusionOptions.Known;

    public TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options)
    {
        var parsed = DiffusionOptions.Parse(options);
        return MixedTraining.Time(size, parsed.Epochs, parsed.BatchSize, StepSeconds + ColumnStepSeconds * size.Columns);
    }

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = DiffusionOptions.Parse(request.Options);
        var training = new MixedTraining(Name, table, request, options.ProtectRare, observer, time, cancellation);
        var shape = new DiffusionShape(new MixedLayout(training.Codec.Columns), options.Width, options.Blocks);
        var plan = Plan(options, training);
        var shards = training.Device.IsCpu ? 2 : 1;
        var trainer = new DiffusionTrainer(shape, training.Rows, training.Split, plan.BatchRows, shards, request.Seed, training.Device.Torch);
        var (weights, metrics) = training.Run(trainer, plan, new { Name, options, plan.BatchRows, shards });
        return new DiffusionModel(training.Codec, shape, options.SamplingSteps, weights, metrics, training.Device);
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads) =>
        DiffusionModel.Load(package, ComputeDevice.Resolve(device, threads));

    private static TrainingPlan Plan(DiffusionOptions options, MixedTraining training)
    {
        var rows = training.Split.Training.Length;
        var batch = MixedTraining.BatchRows(options.BatchSize, rows, multipleOf: 2);
        var steps = (long)options.Epochs * Math.Max(rows / batch, 1);
        return new TrainingPlan
        {
            Steps = steps,
            BatchRows = batch,
            TrainingRows = rows,
            LearningRate = options.LearningRate,
            WarmUpSteps = (int)Math.Min(100, steps / 20 + 1),
            Betas = (0.9, 0.999),
            WeightDecay = 0.01,
            ValidateEvery = Math.Max(steps / 40, 25),
            Patience = 5,
            MaxTime = training.TimeLeft,
        };
    }
}

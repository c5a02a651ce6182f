using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tvae;

/// <summary>
/// The variational autoencoder for tables (TVAE; Xu et al., arXiv:1907.00503), with seeds, early stopping and resuming, rows never held
/// one-hot, and symbols drawn instead of their most frequent ones taken.
/// </summary>
/// <param name="time">The clock of budgets and checkpoints.</param>
public sealed class TvaeSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "tvae";

    /// <summary>Processor time of a step on 500 rows: so much, and so much more a column.</summary>
    private const double StepSeconds = 0.009, ColumnStepSeconds = 0.0004;

    public string Method => Name;

    public string Summary => "Variational autoencoder (TVAE) with its published architecture: fast to train, correlated columns, no conditions.";

    /// <summary>The posterior of the latent space given some columns is not tractable: no conditions.</summary>
    public Capabilities Capabilities => Capabilities.None;

    public MemoryNeed Memory => MemoryNeed.Megabytes(350, 4);

    public IReadOnlyList<MethodOption> Options => TvaeOptions.Known;

    public TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options)
    {
        var parsed = TvaeOptions.Parse(options);
        return MixedTraining.Time(size, parsed.Epochs, parsed.BatchSize, StepSeconds + ColumnStepSeconds * size.Columns);
    }

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = TvaeOptions.Parse(request.Options);
        var training = new MixedTraining(Name, table, request, options.ProtectRare, observer, time, cancellation);
        var shape = new TvaeShape(new MixedLayout(training.Codec.Columns), options.Width, options.EmbeddingDim);
        var plan = Plan(options, training);
        var shards = training.Device.IsCpu ? 2 : 1;
        var trainer = new TvaeTrainer(
            shape, training.Rows, training.Split, plan.BatchRows, shards, options.LossFactor, request.Seed, training.Device.Torch);
        var (weights, metrics) = training.Run(trainer, plan, new { Name, options, plan.BatchRows, shards });
        return new TvaeModel(training.Codec, shape, weights, metrics, training.Device);
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads) =>
        TvaeModel.Load(package, ComputeDevice.Resolve(device, threads));

    private static TrainingPlan Plan(TvaeOptions options, MixedTraining training)
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
            GradientClip = 10,
            ValidateEvery = Math.Max(steps / 40, 25),
            MaxTime = training.TimeLeft,
        };
    }
}

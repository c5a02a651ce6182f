using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// The conditional adversarial network for tables (CTGAN; Xu et al., arXiv:1907.00503), with the known defects of the published code mended:
/// conditions at true frequencies when sampling, right conditions on every column, rows independent of those drawn with them, no one-hot
/// table in memory, seeds, a held-back measure that picks the best weights, and resuming.
/// </summary>
/// <param name="time">The clock of budgets and checkpoints.</param>
public sealed class CtganSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "ctgan";

    /// <summary>Processor time of a step on 500 rows: so much, and so much more a column.</summary>
    private const double StepSeconds = 0.004, ColumnStepSeconds = 0.00045;

    /// <summary>Of measuring drawn rows beside held-back ones, likewise.</summary>
    private const double ValidationSeconds = 0.3, ColumnValidationSeconds = 0.02;

    public string Method => Name;

    public string Summary => "Conditional adversarial network (CTGAN) with its published architecture; can be given one category.";

    public Capabilities Capabilities => Capabilities.GivenValues;

    public MemoryNeed Memory => MemoryNeed.Megabytes(700, 6);

    public IReadOnlyList<MethodOption> Options => CtganOptions.Known;

    public TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options)
    {
        var parsed = CtganOptions.Parse(options);
        return MixedTraining.Time(size, parsed.Epochs, parsed.BatchSize,
            parsed.CriticSteps * (StepSeconds + ColumnStepSeconds * size.Columns), ValidationSeconds + ColumnValidationSeconds * size.Columns);
    }

    /// <remarks>Learning computes on the CPU, in a few milliseconds a step; a GPU is only checked to be there when it is asked for by name.</remarks>
    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = CtganOptions.Parse(request.Options);
        if (request.Device == Device.Cuda) ComputeDevice.Resolve(request.Device, request.Threads);
        var training = new MixedTraining(Name, table, request with { Device = Device.Cpu }, options.ProtectRare, observer, time, cancellation);
        var layout = new MixedLayout(training.Codec.Columns);
        var shape = new CtganShape(
            layout,
            new ConditionLayout(layout, options.LogFrequency),
            new CtganSizes(options.GeneratorWidth, options.CriticWidth, options.EmbeddingDim, options.Pac));
        var plan = Plan(options, training);
        var batches = new CtganBatches(plan.BatchRows, 2, options.CriticSteps, request.Seed);
        var trainer = new CtganTrainer(shape, training.Rows, training.Split, batches);
        var (weights, metrics) = training.Run(trainer, plan, new { Name, options, batches });
        return new CtganModel(training.Codec, shape, Calibrate(shape, weights, request.Seed, training.Device), weights, metrics, training.Device);
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads) =>
        CtganModel.Load(package, ComputeDevice.Resolve(device, threads));

    private static float[][] Calibrate(CtganShape shape, float[] weights, long seed, ComputeDevice device)
    {
        using var scope = NewDisposeScope();
        using var parameters = new ParameterSet(shape.Parameters, tensor(weights, device: device.Torch), trainable: false);
        return CtganTrainer.Calibrate(shape, parameters, seed, device.Torch).ToArrays();
    }

    /// <summary>A likelihood says when to stop; the measure of an adversarial network is too noisy for that: all epochs are trained.</summary>
    private static TrainingPlan Plan(CtganOptions options, MixedTraining training)
    {
        var rows = training.Split.Training.Length;
        var batch = MixedTraining.BatchRows(options.BatchSize, rows, multipleOf: 2 * options.Pac);
        var steps = (long)options.Epochs * Math.Max(rows / batch, 1);
        return new TrainingPlan
        {
            Steps = steps,
            BatchRows = batch,
            TrainingRows = rows,
            LearningRate = options.LearningRate,
            WarmUpSteps = 1,
            FinalShare = 0.1,
            Betas = (0.5, 0.9),
            WeightDecay = 1e-6,
            GradientClip = double.PositiveInfinity,
            ValidateEvery = Math.Max(steps / 30, 25),
            Patience = int.MaxValue,
            MaxTime = training.TimeLeft,
        };
    }
}

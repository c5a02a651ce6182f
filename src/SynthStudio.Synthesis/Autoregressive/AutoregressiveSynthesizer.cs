using System.Security.Cryptography;
using System.Text.Json;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Operations;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>
/// Learns all conditional distributions of a table's columns with one network and draws rows column by column: any subset of columns can be
/// given. After the idea of order-agnostic autoregressive models (Uria et al., arXiv:1310.1757; TabularARGN, arXiv:2501.12012).
/// </summary>
/// <param name="time">The clock of budgets and checkpoints.</param>
public sealed class AutoregressiveSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "autoregressive";

    /// <summary>What its models can do.</summary>
    internal const Capabilities CanDo = Capabilities.Given | Capabilities.Temperature | Capabilities.Rebalance | Capabilities.Fairness
        | Capabilities.Impute | Capabilities.Predict | Capabilities.LogLikelihood | Capabilities.WarmStart | Capabilities.Streams;

    /// <summary>Share of the time and of the progress that is the network's; the rest is its refinement's.</summary>
    private const double TrainingShare = 0.8;

    /// <summary>Processor time of an optimiser step: whatever its size, and, on 512 rows with the usual width, so much more, and so much a column.</summary>
    private const double LeastStepSeconds = 0.006, StepSeconds = 0.014, ColumnStepSeconds = 0.0022;

    /// <summary>Of refining a column, and a cell of the rows that are looked at, for each column that its trees look at.</summary>
    private const double RefineColumnSeconds = 0.1, RefineSeconds = 5.5e-6;

    public string Method => Name;

    public string Summary => "An order-agnostic autoregressive network: draws column by column, any columns given.";

    public Capabilities Capabilities => CanDo;

    public MemoryNeed Memory => MemoryNeed.Megabytes(330, 4);

    public IReadOnlyList<MethodOption> Options => AutoregressiveOptions.Known;

    public TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options)
    {
        var parsed = AutoregressiveOptions.Parse(options);
        var sizes = AutoregressiveSizes.Choose((int)Math.Min(size.Rows, int.MaxValue), size.Columns, parsed);
        var step = LeastStepSeconds + sizes.BatchRows / 512.0 * sizes.Width / 256 * (StepSeconds * parsed.Blocks / 3 + ColumnStepSeconds * size.Columns);
        var refinement = parsed.Refine ? RefineColumnSeconds * size.Columns + RefineSeconds * Math.Min(size.Cells, 1e6) * Math.Min(size.Columns, 40) : 0;
        return TimeNeed.Of(size, size.Cells, sizes.Steps * step + refinement);
    }

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = AutoregressiveOptions.Parse(request.Options);
        RowSplit.RequireEnough(table.RowCount);
        var device = ComputeDevice.Resolve(request.Device, request.Threads);
        var began = time.GetTimestamp();
        var limit = new TimeLimit(Name, request, time);
        observer.Report(new TrainingProgress("encode", 0));
        var start = request.WarmStart is { } package ? AutoregressiveModel.Load(package, request.Threads) : null;
        if (start is not null) options = options.LearningOn(request.Options);
        var (codec, encoded) = limit.BeforeFirstStep(
            token =>
            {
                var codec = start?.CodecFor(table, request, token) ?? TableCodec.Fit(table, request, options.ProtectRare, token);
                if (codec.Modelled.Count == 0)
                    throw new SynthesisException(SynthesisError.NothingToLearn, "There is nothing to learn: every column is constant, empty, an identifier or free text.");
                token.ThrowIfCancellationRequested();
                IEncodedRows rows = request.AllRows is null ? new CellArrays(codec.EncodeKnown(table, Cell.Unset)) : Store(codec, request, observer, token);
                return (codec, rows);
            },
            cancellation);
        using var rows = encoded;
        var (training, heldBack) = RowSplit.Draw(rows.Count, request.Seed);
        observer.Report(new TrainingProgress("encode", 1));

        var tokens = new TokenLayout([.. codec.Modelled.Select(c => codec.Columns[c].Layout)]);
        var sizes = AutoregressiveSizes.Choose(rows.Count, tokens.Count, options);
        var shape = start?.Shape ?? new NetworkShape(tokens, sizes.Width, options.Blocks);
        var shards = device.IsCpu ? sizes.Shards : 1;
        var trainer = new AutoregressiveTrainer(
            shape, rows, training, heldBack, new AutoregressiveBatches(sizes.BatchRows, shards, options.Dropout, request.Seed), device.Torch, start?.Weights);
        var trainingShare = options.Refine ? TrainingShare : 1;
        var plan = sizes.Plan(training.Length, options, limit.Left(trainingShare));
        var checkpoints = request.CheckpointFolder is { } folder
            ? new CheckpointFolder(folder, Fingerprint(codec, rows, sizes, options, request.Seed, start?.Weights), request.ResumeFrom)
            : null;
        var loop = new TrainingLoop(trainer, plan, device, checkpoints, request.CheckpointSchedule, time);
        var (weights, state) = loop.Run(new PartOfStage(observer, 0, trainingShare), cancellation);
        var learned = time.GetTimestamp();
        var metrics = new Dictionary<string, double>
        {
            ["best_validation_loss"] = state.BestLoss,
            ["steps"] = state.Step,
            ["epochs"] = (double)state.Step * plan.BatchRows / plan.TrainingRows,
            ["training_seconds"] = state.Elapsed.TotalSeconds,
            ["parameters"] = shape.Parameters.Count,
        };
        var network = new InferenceNetwork(shape, weights);
        var passes = PassPlan.Choose(network);
        var refiner = new RefinementTrainer(network, passes, codec, new RefinementPlan(), request.Seed, CellTable.Threads(request.Threads));
        bool HasTime()
        {
            if (observer.Wish == TrainingWish.Pause && loop.LastCheckpoint is { } checkpoint) throw new TrainingPausedException(checkpoint, state.Step);

            // What earlier attempts took to learn counts, too.
            return request.MaxTime is not { } limit || (time.GetElapsedTime(began) < limit && state.Elapsed + time.GetElapsedTime(learned) < limit);
        }

        var refinement = options.Refine ? Refine(refiner, rows, metrics, observer, HasTime, cancellation) : RowRefinement.None(codec);
        return new AutoregressiveModel(codec, (network, passes), weights, refinement, metrics, request.Threads);
    }

    /// <summary>Writes the cells of a table that does not fit into memory to a file.</summary>
    private static CellFile Store(TableCodec codec, FitRequest request, ITrainingObserver observer, CancellationToken cancellation) => CellFile.Write(
        codec, request.AllRows!.Read(cancellation), Cell.Unset, request.ScratchFolder ?? Path.GetTempPath(),
        written => observer.Report(new TrainingProgress("encode", Math.Min(1, (double)written / request.AllRows.RowCount))));

    /// <remarks>Drawing computes on the CPU; a GPU is only checked to be there when it is asked for by name.</remarks>
    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        if (device == Device.Cuda) ComputeDevice.Resolve(device, threads);
        return AutoregressiveModel.Load(package, threads);
    }

    private RowRefinement Refine(
        RefinementTrainer trainer, IEncodedRows rows, Dictionary<string, double> metrics,
        ITrainingObserver observer, Func<bool> hasTime, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var part = new PartOfStage(observer, TrainingShare, 1);
        var (refinement, gain) = trainer.Fit(rows, share =>
        {
            part.Report(new TrainingProgress("train", share, (long)metrics["steps"], metrics["epochs"], ValidationLoss: metrics["best_validation_loss"]));
            return share >= 1 || hasTime();
        }, cancellation);
        metrics["refined_columns"] = refinement.Refiners.Count(refiner => refiner is not null);
        metrics["refinement_gain"] = gain;
        metrics["resampled_columns"] = refinement.Resamplers.Length;
        metrics["refinement_seconds"] = time.GetElapsedTime(began).TotalSeconds;
        return refinement;
    }

    /// <summary>Identifies a training: a checkpoint may continue only the one it came from.</summary>
    private static string Fingerprint(TableCodec codec, IEncodedRows rows, AutoregressiveSizes sizes, AutoregressiveOptions options, long seed, float[]? start)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(codec.ToJson());
        rows.AppendTo(hash);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(new { sizes, options, seed }));
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(start.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

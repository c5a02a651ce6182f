using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>What fitting has in common for all networks on symbols and scalars: encoding the table before, running the training loop after.</summary>
internal sealed class MixedTraining
{
    private readonly FitRequest request;
    private readonly ITrainingObserver observer;
    private readonly TimeProvider time;
    private readonly CancellationToken cancellation;
    private readonly TimeLimit limit;

    /// <summary>Encodes the table.</summary>
    /// <param name="method">Its name, for errors.</param>
    /// <param name="table">The table.</param>
    /// <param name="request">How to train.</param>
    /// <param name="protectRare">Whether rare categories and extreme values are left out.</param>
    /// <param name="observer">Told of progress.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="SynthesisException">The table cannot be learned, or there is no such device.</exception>
    public MixedTraining(
        string method, Table table, FitRequest request, bool protectRare, ITrainingObserver observer, TimeProvider time, CancellationToken cancellation)
    {
        (this.request, this.observer, this.time, this.cancellation) = (request, observer, time, cancellation);
        Split = RowSplit.Draw(table.RowCount, request.Seed);
        Device = ComputeDevice.Resolve(request.Device, request.Threads);
        var began = time.GetTimestamp();
        limit = new TimeLimit(method, request, time);
        observer.Report(new TrainingProgress("encode", 0));
        Codec = limit.BeforeFirstStep(token => MixedCodec.Fit(table, request, protectRare, token), cancellation);
        cancellation.ThrowIfCancellationRequested();
        Rows = Codec.Encode(table, request.Seed);
        EncodingTime = time.GetElapsedTime(began);
        observer.Report(new TrainingProgress("encode", 1));
    }

    public MixedCodec Codec { get; }

    public MixedRows Rows { get; }

    public RowSplit Split { get; }

    public ComputeDevice Device { get; }

    public TimeSpan EncodingTime { get; }

    /// <summary>What is left of the time asked for; null without a limit.</summary>
    /// <exception cref="SynthesisException">Nothing is left.</exception>
    public TimeSpan? TimeLeft => limit.Left();

    /// <summary>Rows in a step: as asked for, or 500 as published, fewer in small tables, which would else see too few steps.</summary>
    /// <param name="asked">Null lets the table's size decide.</param>
    /// <param name="rows">Training rows.</param>
    /// <param name="multipleOf">What the result must be divisible by.</param>
    public static int BatchRows(int? asked, int rows, int multipleOf)
    {
        var batch = Math.Min(asked ?? Math.Clamp(rows / 16, 64, 500), rows);
        return Math.Max(batch / multipleOf, 1) * multipleOf;
    }

    /// <summary>Processor time of a training that makes all of its steps.</summary>
    /// <param name="size">The table.</param>
    /// <param name="epochs">Passes over the rows.</param>
    /// <param name="batchSize">Rows in a step as asked for; null lets the table's size decide.</param>
    /// <param name="stepSeconds">Of a step on 500 rows; half of it does not depend on them.</param>
    /// <param name="validationSeconds">Of one of the 30 measurements on held-back rows, where they take time that is not in the steps'.</param>
    public static TimeNeed Time(TrainingSize size, int epochs, int? batchSize, double stepSeconds, double validationSeconds = 0)
    {
        var rows = (int)Math.Min(size.RowsInMemory - Math.Min(size.RowsInMemory / 20, 5_000), int.MaxValue);
        var batch = BatchRows(batchSize, rows, multipleOf: 2);
        var steps = (double)epochs * Math.Max(rows / batch, 1);
        return TimeNeed.Of(size, size.CellsInMemory, steps * (0.5 + batch / 1_000.0) * stepSeconds + Math.Min(steps / 25, 30) * validationSeconds);
    }

    /// <summary>Identifies a training by all that decides its result: a checkpoint of other rows, or of the same with other numbers, continues none.</summary>
    public static string Fingerprint<T>(MixedCodec codec, MixedRows rows, T choices) =>
        TrainingFingerprint.Of(codec.Entries().Select(entry => entry.Value), rows.Symbols, choices, rows.Scalars.OfType<float[]>());

    /// <summary>Trains.</summary>
    /// <param name="trainable">The network and its loss.</param>
    /// <param name="plan">How long and how fast.</param>
    /// <param name="choices">Method, sizes and options: what, beside the rows, decides the result.</param>
    public (float[] Weights, Dictionary<string, double> Metrics) Run<T>(ITrainable trainable, TrainingPlan plan, T choices)
    {
        var checkpoints = request.CheckpointFolder is { } folder
            ? new CheckpointFolder(
                folder,
                Fingerprint(Codec, Rows, new { choices, request.Seed }),
                request.ResumeFrom)
            : null;
        var loop = new TrainingLoop(trainable, plan, Device, checkpoints, request.CheckpointSchedule, time);
        var (weights, state) = loop.Run(observer, cancellation);
        return (weights, new Dictionary<string, double>
        {
            ["best_validation_loss"] = state.BestLoss,
            ["steps"] = state.Step,
            ["epochs"] = (double)state.Step * plan.BatchRows / plan.TrainingRows,
            ["encoding_seconds"] = EncodingTime.TotalSeconds,
            ["training_seconds"] = state.Elapsed.TotalSeconds,
            ["parameters"] = trainable.Parameters.Count,
        });
    }
}

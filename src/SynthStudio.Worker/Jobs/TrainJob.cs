using SynthStudio.Evaluation;
using SynthStudio.Synthesis;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Learns a table, writes the model package, reads it back and checks what it draws.</summary>
internal sealed class TrainJob(TrainOrder order, Device device) : IJob
{
    /// <summary>Rows drawn to check a new package.</summary>
    private const int VerifyRows = 2000;

    public string DeviceName { get; } = Devices.Resolve(device);

    public Completed Run(JobContext context)
    {
        var synthesizer = Synthesizers.Get(order.Method);
        var clock = new PhaseClock(context.Time);
        context.Output.Progress("ingest", 0);
        using var data = Ingestion.ReadForTraining(context, order.Data);
        var table = data.Table;
        context.Output.Progress("ingest", 1, null, ("rows", data.RowCount));
        var ingestSeconds = clock.Lap();

        using var model = Fit(context, synthesizer, data);
        var path = WritePackage(context, model, data.RowCount);
        var trainSeconds = clock.Lap();

        var completed = new Completed
        {
            Artifacts = { new Artifact { Role = "model", Path = path, MediaType = "application/vnd.synthstudio.generator" } },
            Metrics =
            {
                ["rows"] = data.RowCount,
                ["rows_learned"] = Synthesizers.Get(model.Method).Capabilities.HasFlag(Capabilities.Streams) ? data.RowCount : table.RowCount,
                ["columns"] = table.Columns.Count,
                ["seconds_ingest"] = ingestSeconds,
                ["seconds_train"] = trainSeconds,
                ["cuda"] = DeviceName == Devices.Cpu ? 0 : 1,
            },
        };
        foreach (var (name, value) in model.Metrics.Where(m => double.IsFinite(m.Value)))
        {
            completed.Metrics[name] = value;
        }

        if (Verify(context, path, table) is { } shape)
        {
            completed.Metrics["verify_shape"] = shape;
        }

        completed.Metrics["seconds_verify"] = clock.Lap();
        return completed;
    }

    private ITabularModel Fit(JobContext context, ISynthesizer synthesizer, TrainingTable data)
    {
        var request = new FitRequest
        {
            Options = order.Options,
            MaxTime = order.MaxTime?.ToTimeSpan(),
            Seed = order.Seed,
            Device = device,
            Threads = context.Order.Threads,
            CheckpointFolder = context.Scratch("checkpoints"),
            ResumeFrom = order.Checkpoints,
            AllRows = data.AllRows,
            ScratchFolder = context.Order.ScratchFolder,
        };
        if (order.CheckpointInterval is { } interval)
        {
            request = request with { CheckpointInterval = interval.ToTimeSpan() };
        }

        var observer = new TrainingObserver(context, order.Checkpoints);
        var model = synthesizer.Fit(data.Table, request, observer, context.Cancellation);
        observer.Done();
        return model;
    }

    private string WritePackage(JobContext context, ITabularModel model, long rows)
    {
        var path = context.Scratch("generator.synth");
        var version = typeof(TrainJob).Assembly.GetName().Version?.ToString(3) ?? "";
        using var file = File.Create(path);
        model.Save(file, new PackageFacts(rows, order.Data.Sha256, version, context.Time.GetUtcNow(), order.Seed, order.Options));
        return path;
    }

    /// <summary>Draws rows from the package as others will get it, and compares their columns with the training table's.</summary>
    /// <returns>The mean column shape, 0 to 1; null when no column can be compared.</returns>
    private double? Verify(JobContext context, string path, Table table)
    {
        context.Output.Progress("verify", 0);
        using var package = File.OpenRead(path);
        using var model = Synthesizers.Load(package, device, context.Order.Threads);
        var request = new SampleRequest
        {
            Rows = Math.Min(VerifyRows, Math.Max(table.RowCount, Evaluator.FewestRows)), Seed = order.Seed, ChunkRows = VerifyRows, FirstChunkRows = VerifyRows,
        };
        double? shape = null;
        foreach (var drawn in model.Sample(request, context.Cancellation))
        {
            DrawnRows.RequireValid(drawn, model.Schema);
            context.Output.Progress("verify", .5);
            shape = DrawnRows.Shape(table, drawn, context);
        }

        context.Output.Progress("verify", 1);
        return shape;
    }
}

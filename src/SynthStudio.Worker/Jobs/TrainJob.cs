using System.Security.Cryptography;
using SynthStudio.Evaluation;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Ledger;
using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;
using PrivacyTerms = SynthStudio.Synthesis.Private.PrivacyTerms;
using TrainingForecast = SynthStudio.Synthesis.Auto.TrainingForecast;

namespace SynthStudio.Worker.Jobs;

/// <summary>Learns a table, writes the model package, reads it back and checks what it draws.</summary>
internal sealed class TrainJob(TrainOrder order, Device device) : IJob
{
    /// <summary>Rows drawn to check a new package.</summary>
    internal const int VerifyRows = 2000;

    /// <summary>The media type of model packages.</summary>
    internal const string PackageType = "application/vnd.synthstudio.generator";

    /// <summary>Rows drawn for the report, at most, and cells: they are drawn at once.</summary>
    private const int MostReportRows = 20_000;
    private const int MostReportCells = 1_000_000;

    /// <summary>Measurements that say what was expected before.</summary>
    private const string EstimatedSeconds = "estimated_seconds", EstimatedMemory = "estimated_memory_bytes";

    public string DeviceName { get; } = Devices.Resolve(device);

    public Completed Run(JobContext context)
    {
        var synthesizer = Synthesizers.Get(order.Method);
        var clock = new PhaseClock(context.Time);
        context.Output.Progress("ingest", 0);
        using var data = Ingestion.ReadForTraining(context, order.Data, IsPrivate);

        // Of a table that is not held in memory nothing is held back: what stands for it is a sample already.
        var learned = data.AllRows is null && !IsPrivate ? HeldBackRows.Part(data.Table, order.Data.Split)! : data.Table;
        var expected = Expect(context, data, learned);
        context.Output.Progress(
            "ingest", 1, null, ("rows", IsPrivate ? null : data.RowCount), (EstimatedSeconds, expected?.Time?.TotalSeconds), (EstimatedMemory, expected?.MemoryBytes));
        var ingestSeconds = clock.Lap();
        using var model = Fit(context, synthesizer, data, learned);
        var path = WritePackage(context, order, model, data.AllRows is null ? learned.RowCount : data.RowCount);
        var trainSeconds = clock.Lap();

        var completed = new Completed
        {
            Artifacts = { new Artifact { Role = "model", Path = path, MediaType = PackageType } },
            Metrics =
            {
                ["columns"] = data.Table.Columns.Count,
                ["seconds_ingest"] = ingestSeconds,
                ["seconds_train"] = trainSeconds,
                ["cuda"] = DeviceName == Devices.Cpu ? 0 : 1,
            },
        };
        foreach (var (name, value) in model.Metrics.Where(m => double.IsFinite(m.Value)))
        {
            completed.Metrics[name] = value;
        }

        if (IsPrivate)
        {
            // The number of rows, and how well the drawn ones fit them, were not paid for. What the model measured of itself was, or is public.
            completed.Metrics["rows"] = model.Privacy.Rows;
            completed.PrivacyStatementJson = model.Privacy.ToJson();
            Verify(context, path, null);
        }
        else
        {
            completed.Metrics["rows"] = data.RowCount;
            if (expected?.Time is { } time) completed.Metrics[EstimatedSeconds] = time.TotalSeconds;
            completed.Metrics[EstimatedMemory] = expected!.MemoryBytes;
            completed.Metrics["rows_learned"] =
                Synthesizers.Get(model.Method).Capabilities.HasFlag(Capabilities.Streams) && data.AllRows is not null
                    ? data.RowCount : learned.RowCount;
            if (Verify(context, path, learned) is { } shape) completed.Metrics["verify_shape"] = shape;
            if (order.Report && learned.RowCount < data.Table.RowCount)
            {
                Report(context, path, learned, HeldBackRows.Part(data.Table, new Split { HeldBack = true, Seed = order.Data.Split.Seed })!, completed);
            }
        }

        context.Output.Progress("verify", 1);
        completed.Metrics["seconds_verify"] = clock.Lap();
        return completed;
    }

    private bool IsPrivate => order.Privacy is not null;

    private ITabularModel Fit(JobContext context, ISynthesizer synthesizer, TrainingTable data, Table learned)
    {
        using var package = order.StartFrom.Length > 0 ? File.OpenRead(order.StartFrom) : null;
        var start = package is null ? null : ModelPackage.Open(package);
        var request = new FitRequest
        {
            Options = order.Options,
            MaxTime = order.MaxTime?.ToTimeSpan(),
            Seed = order.Seed,
            Device = device,
            Threads = context.Order.Threads,
            CheckpointFolder = context.Scratch("checkpoints"),
            ResumeFrom = order.Checkpoints,
            CheckpointInterval = order.CheckpointInterval?.ToTimeSpan(),
            CheckpointSteps = order.CheckpointSteps,
            AllRows = data.AllRows,
            WholeTable = learned.RowCount < data.Table.RowCount ? data.Table : null,
            ScratchFolder = context.Order.ScratchFolder,
            Privacy = order.Privacy is { } terms ? Terms(terms) : null,
            WarmStart = start,
            SpentBefore = order.SpentEventJson.Length > 0 ? PrivacyEventJson.Parse(order.SpentEventJson) : null,
        };
        var observer = new TrainingObserver(context, order.Checkpoints, IsPrivate);
        var model = synthesizer.Fit(learned, request, observer, context.Cancellation);
        observer.Done();
        return model;
    }

    /// <summary>
    /// What the training is expected to take: told when it starts, and kept beside what it took. Under privacy terms it
    /// would tell of the rows.
    /// </summary>
    private TrainingForecast? Expect(JobContext context, TrainingTable data, Table learned) => IsPrivate
        ? null
        : TrainingForecast.Of(order.Method, learned, new FitRequest
        {
            Options = order.Options, MaxTime = order.MaxTime?.ToTimeSpan(), Device = device, Threads = context.Order.Threads, AllRows = data.AllRows,
        });

    /// <exception cref="SynthesisException">A number is out of range.</exception>
    internal static PrivacyTerms Terms(V1.PrivacyTerms terms) => new()
    {
        Epsilon = terms.Epsilon,
        Delta = terms.Delta,
        Rows = terms.HasRows ? terms.Rows : null,
        UnitColumn = terms.UnitColumn.Length > 0 ? terms.UnitColumn : null,
        MaxRowsPerUnit = Math.Max(1, terms.MaxRowsPerUnit),
        Part = terms.PartJson.Length > 0 ? PartitionPart.Parse(terms.PartJson) : null,
    };

    /// <summary>Writes what a training made, and answers where.</summary>
    internal static string WritePackage(JobContext context, TrainOrder order, ITabularModel model, long rows)
    {
        var path = context.Scratch("generator.synth");
        var version = typeof(TrainJob).Assembly.GetName().Version?.ToString(3) ?? "";
        using var file = File.Create(path);
        model.Save(file, new PackageFacts(rows, order.Data.Sha256, version, context.Time.GetUtcNow(), order.Seed, order.Options));
        return path;
    }

    /// <summary>Scores rows drawn from the package beside those that were held back, as an evaluation would, and adds the report and its figures.</summary>
    private void Report(JobContext context, string path, Table learned, Table heldBack, Completed completed)
    {
        using var package = File.OpenRead(path);
        using var model = Synthesizers.Load(package, device, context.Order.Threads);
        var rows = Math.Min(learned.RowCount, Math.Min(MostReportRows, MostReportCells / learned.Columns.Count));
        var drawn = model.Sample(new SampleRequest { Rows = rows, Seed = order.Seed, ChunkRows = rows, FirstChunkRows = rows }, context.Cancellation).Single();
        try
        {
            var options = new EvaluationOptions { Seed = unchecked((int)order.Seed), MaxParallelism = context.Order.Threads };
            var progress = new ReportProgress(context.Output);
            var report = Evaluator.Evaluate(learned, drawn, heldBack, options, progress, context.Cancellation) with
            {
                Provenance = new Provenance
                {
                    TrainSha256 = order.Data.Sha256.Length > 0 ? order.Data.Sha256 : null,
                    Method = model.Method,
                    ModelSha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
                },
            };
            ReportFiles.Write(context, report, completed);
        }
        catch (TableException e) when (e.Error is TableError.TooFewRows or TableError.InvalidSchema)
        {
            // No column can be scored: there is nothing to report, and the model is none the worse for it.
        }
    }

    /// <summary>Draws rows from the package as others will get it, and compares their columns with the training table's, where that may be told.</summary>
    /// <returns>The mean column shape, 0 to 1; null when no column can be compared.</returns>
    private double? Verify(JobContext context, string path, Table? table)
    {
        context.Output.Progress("verify", 0);
        using var package = File.OpenRead(path);
        using var model = Synthesizers.Load(package, device, context.Order.Threads);
        var request = new SampleRequest
        {
            Rows = table is null ? VerifyRows : Math.Min(VerifyRows, Math.Max(table.RowCount, Evaluator.FewestRows)),
            Seed = order.Seed, ChunkRows = VerifyRows, FirstChunkRows = VerifyRows,
        };
        double? shape = null;
        foreach (var drawn in model.Sample(request, context.Cancellation))
        {
            DrawnRows.RequireValid(drawn, model.Schema);
            context.Output.Progress("verify", order.Report ? .25 : .5);
            shape = table is null ? null : DrawnRows.Shape(table, drawn, context);
        }

        context.Output.Progress("verify", order.Report ? .5 : 1);
        return shape;
    }

    /// <summary>The report's progress is the second half of the check's.</summary>
    private sealed class ReportProgress(JobOutput output) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => output.Progress("verify", .5 + (value.Fraction / 2));
    }
}

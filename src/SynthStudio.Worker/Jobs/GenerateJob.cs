using System.Collections.Concurrent;
using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Constraints;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Draws rows from a package into part files. While one part is written, the next is drawn.</summary>
internal sealed class GenerateJob(GenerateOrder order, Device device) : IJob
{
    /// <summary>Rows of the first part: small, so that whoever waits sees rows soon.</summary>
    private const int FirstPartRows = 512;

    private const int DefaultPartRows = 16_384;

    /// <summary>Drawn parts that may wait for the writer.</summary>
    private const int PartsAhead = 2;

    private static readonly WriteOptions WithHeader = new() { Header = true };
    private static readonly WriteOptions WithoutHeader = new() { Header = false };

    private ConstraintReport? report;

    public string DeviceName { get; } = Devices.Resolve(device);

    public Completed Run(JobContext context)
    {
        var clock = new PhaseClock(context.Time);
        context.Output.Progress("load", 0);
        var model = context.Model.Open(order.Model, order.ModelSha256, device, context.Order.Threads);
        var schema = WriteSchema(context, model.Schema);
        context.Output.Progress("load", 1);
        var loadSeconds = clock.Lap();

        using var parts = new BlockingCollection<Table>(PartsAhead);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var writing = Task.Factory.StartNew(
            () => WriteParts(context, parts, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Draw(model, parts, writing, stopping.Token);
        var seconds = clock.Lap();

        var completed = new Completed
        {
            Artifacts =
            {
                new Artifact { Role = "schema", Path = schema, MediaType = "application/json" },
            },
            Metrics =
            {
                ["rows"] = order.Rows,
                ["columns"] = model.Schema.Columns.Count,
                ["seconds_load"] = loadSeconds,
                ["seconds_generate"] = seconds,
                ["rows_per_second"] = order.Rows / Math.Max(seconds, 1e-6),
                ["cuda"] = DeviceName == Devices.Cpu ? 0 : 1,
            },
        };
        foreach (var (name, value) in report?.SampleMetrics() ?? [])
        {
            completed.Metrics[name] = value;
        }

        return completed;
    }

    /// <summary>Draws on this thread; a failure of the writer stops it and is the one that counts.</summary>
    private void Draw(ITabularModel model, BlockingCollection<Table> parts, Task writing, CancellationToken stopping)
    {
        try
        {
            foreach (var part in model.Sample(Request(), stopping))
            {
                parts.Add(part, stopping);
            }
        }
        catch (OperationCanceledException) when (writing.IsFaulted)
        {
        }
        finally
        {
            parts.CompleteAdding();
            writing.GetAwaiter().GetResult();
        }
    }

    private SampleRequest Request() => RowTerms.Apply(order, new SampleRequest
    {
        Rows = order.Rows,
        Seed = order.Seed,
        FirstChunkRows = FirstPartRows,
        ChunkRows = order.PartRows > 0 ? order.PartRows : DefaultPartRows,
        Temperature = order.Temperature > 0 ? order.Temperature : 1,
        Reported = newest => report = newest,
    });

    private void WriteParts(JobContext context, BlockingCollection<Table> parts, CancellationTokenSource stopping)
    {
        try
        {
            var begin = context.Time.GetTimestamp();
            var number = 0;
            var rows = 0L;
            foreach (var part in parts.GetConsumingEnumerable(context.Cancellation))
            {
                var path = context.Scratch($"part-{number:000000}.csv");
                TableWriter.Write(part, path, number == 0 ? WithHeader : WithoutHeader);
                context.Output.Part(path, number, part.RowCount);
                number++;
                rows += part.RowCount;
                var left = context.Time.GetElapsedTime(begin) * ((double)(order.Rows - rows) / rows);
                context.Output.Progress("generate", (double)rows / order.Rows, left, ("rows", rows));
            }
        }
        catch
        {
            stopping.Cancel();
            throw;
        }
    }

    private static string WriteSchema(JobContext context, TableSchema schema)
    {
        var path = context.Scratch("schema.json");
        SchemaFile.From(schema).Write(path);
        return path;
    }
}

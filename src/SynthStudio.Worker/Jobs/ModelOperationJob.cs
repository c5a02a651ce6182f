using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Has a model do something with the rows of a table, which its columns are those of, and writes the table that comes of it.</summary>
/// <typeparam name="TOperation">What the model must be able to do.</typeparam>
/// <param name="model">Local path of the model package.</param>
/// <param name="data">The table.</param>
/// <param name="device">Where the model computes.</param>
/// <param name="step">What the progress calls it.</param>
internal abstract class ModelOperationJob<TOperation>(string model, DataFile data, Device device, string step) : IJob
    where TOperation : class
{
    public string DeviceName { get; } = Devices.Resolve(device);

    public Completed Run(JobContext context)
    {
        context.Output.Progress("load", 0);
        var loaded = context.Model.Open(model, "", device, context.Order.Threads);
        var operation = loaded.Require<TOperation>();
        context.Output.Progress("ingest", 0);
        var table = Read(context, data, loaded.Schema);
        context.Output.Progress(step, 0);
        var done = new Completed();
        var made = Apply(operation, table, done.Metrics, context.Cancellation);
        context.Output.Progress(step, 1);
        var path = context.Scratch($"{step}.csv");
        Write(context, data, table, made, path);
        done.Artifacts.Add(new Artifact { Role = "table", Path = path, MediaType = "text/csv" });
        done.Metrics["rows"] = table.RowCount;
        return done;
    }

    /// <summary>Reads the table by the model's schema.</summary>
    protected virtual Table Read(JobContext context, DataFile file, TableSchema schema) => Ingestion.ReadAs(context, file, schema, invalidValuesAreMissing: false);

    /// <summary>Does it, and notes what is to be told of it beside the number of rows.</summary>
    protected abstract Table Apply(TOperation operation, Table table, IDictionary<string, double> metrics, CancellationToken cancellation);

    /// <summary>Writes the table that came of it.</summary>
    protected virtual void Write(JobContext context, DataFile file, Table read, Table made, string path) => TableWriter.Write(made, path);

    /// <summary>A column of the table that comes of it.</summary>
    protected static NumericColumn Figures(string name, bool nullable, double[] values) =>
        new(new ColumnSchema { Name = name, Kind = ColumnKind.Decimal, DecimalPlaces = 6, Nullable = nullable }, values);

    /// <summary>A table of such columns.</summary>
    protected static Table TableOf(IReadOnlyList<Column> columns) => new(new TableSchema { Columns = [.. columns.Select(column => column.Schema)] }, [.. columns]);
}

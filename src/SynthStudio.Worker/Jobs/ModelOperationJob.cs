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
        var path = context.Scratch($"{step}.csv");
        var done = new Completed { Artifacts = { new Artifact { Role = "table", Path = path, MediaType = "text/csv" } } };
        Make(context, operation, table, path, done.Metrics);
        context.Output.Progress(step, 1);
        done.Metrics["rows"] = table.RowCount;
        return done;
    }

    /// <summary>Reads the table by the model's schema.</summary>
    protected virtual Table Read(JobContext context, DataFile file, TableSchema schema) =>
        Ingestion.ReadAs(context, file, schema, invalidValuesAreMissing: false);

    /// <summary>Does it, writes the table that comes of it, and notes what is to be told of it beside the number of rows.</summary>
    protected abstract void Make(JobContext context, TOperation operation, Table table, string path, IDictionary<string, double> metrics);
}

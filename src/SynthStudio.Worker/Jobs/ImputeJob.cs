using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Fills the missing cells of a table.</summary>
internal sealed class ImputeJob(ImputeOrder order, Device device) : IJob
{
    public string DeviceName => Devices.Cpu;

    public Completed Run(JobContext context)
    {
        context.Output.Progress("load", 0);
        var model = context.Model.Open(order.Model, "", device, context.Order.Threads);
        var imputer = model.Require<IImputer>();
        context.Output.Progress("ingest", 0);
        var table = Ingestion.ReadAs(context, order.Data, model.Schema, invalidValuesAreMissing: false);
        context.Output.Progress("impute", 0);
        var filled = imputer.Impute(table, order.Seed, context.Cancellation);
        context.Output.Progress("impute", 1);
        var path = context.Scratch("imputed.csv");
        TableWriter.Write(filled, path);
        return new Completed
        {
            Artifacts = { new Artifact { Role = "table", Path = path, MediaType = "text/csv" } },
            Metrics =
            {
                ["rows"] = filled.RowCount,
                ["cells_filled"] = table.Columns.Zip(filled.Columns, (before, after) => Missing(before) - Missing(after)).Sum(),
                ["cells_missing"] = filled.Columns.Sum(Missing),
            },
        };
    }

    private static int Missing(Column column) => Enumerable.Range(0, column.Count).Count(column.IsMissing);
}

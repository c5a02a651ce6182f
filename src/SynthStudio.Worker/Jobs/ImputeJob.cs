using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Fills the missing cells of a table. All else of it comes out as the file has it: other cells, and columns that the model does not know.</summary>
internal sealed class ImputeJob(ImputeOrder order, Device device) : ModelOperationJob<IImputer>(order.Model, order.Data, device, "impute")
{
    protected override void Make(JobContext context, IImputer imputer, Table table, string path, IDictionary<string, double> metrics)
    {
        var filled = imputer.Impute(table, order.Seed, context.Cancellation);
        metrics["cells_filled"] = table.Columns.Zip(filled.Columns, (before, after) => Missing(before) - Missing(after)).Sum();
        metrics["cells_missing"] = filled.Columns.Sum(Missing);
        TableFilling.Write(order.Data.Path, order.Data.FileName, table, filled, path, Ingestion.Options(context), context.Cancellation);
    }

    private static int Missing(Column column) => Enumerable.Range(0, column.Count).Count(column.IsMissing);
}

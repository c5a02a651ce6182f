using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Fills the missing cells of a table. All else of it comes out as the file has it: other cells, and columns that the model does not know.</summary>
internal sealed class ImputeJob(ImputeOrder order, Device device) : ModelOperationJob<IImputer>(order.Model, order.Data, device, "impute")
{
    protected override Table Apply(IImputer imputer, Table table, IDictionary<string, double> metrics, CancellationToken cancellation)
    {
        var filled = imputer.Impute(table, order.Seed, cancellation);
        metrics["cells_filled"] = table.Columns.Zip(filled.Columns, (before, after) => Missing(before) - Missing(after)).Sum();
        metrics["cells_missing"] = filled.Columns.Sum(Missing);
        return filled;
    }

    protected override void Write(JobContext context, DataFile file, Table read, Table made, string path) =>
        TableFilling.Write(file.Path, file.FileName, read, made, path, Ingestion.Options(context), context.Cancellation);

    private static int Missing(Column column) => Enumerable.Range(0, column.Count).Count(column.IsMissing);
}

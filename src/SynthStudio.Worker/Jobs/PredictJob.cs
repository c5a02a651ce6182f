using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>
/// Gives each row of a table the distribution of one column, given the other columns: a probability for each category, or other single value, and for the rest
/// of them; the mean and quantiles of numbers, dates and times; and the probability that the value is missing, where it can be. Rows are written as
/// they are predicted: with a column for each of thousands of categories all of them may not fit into memory.
/// </summary>
internal sealed class PredictJob(PredictOrder order, Device device) : ModelOperationJob<IPredictor>(order.Model, order.Data, device, "predict")
{
    /// <summary>Rows that are written together.</summary>
    private const int RowsAtOnce = 1_024;

    private ColumnSchema? column;

    /// <summary>The predicted column may be absent, and others may be, as far as the model can do without.</summary>
    protected override Table Read(JobContext context, DataFile file, TableSchema schema)
    {
        var others = schema with { Columns = [.. schema.Columns.Where(c => c.Name != order.Column)] };
        column = schema.Columns.FirstOrDefault(c => c.Name == order.Column);
        return Ingestion.ReadAs(context, file, others, invalidValuesAreMissing: false, absentAreLeftOut: true);
    }

    protected override void Make(JobContext context, IPredictor predictor, Table table, string path, IDictionary<string, double> metrics)
    {
        if (column is null) throw new SynthesisException(SynthesisError.UnknownColumn, $"The model has no column '{order.Column}'.", order.Column);
        using var parts = predictor.Predict(table, order.Column, order.Quantiles, context.Cancellation).Chunk(RowsAtOnce).GetEnumerator();
        var any = parts.MoveNext();
        var columns = new PredictedColumns(column, order.Quantiles, any ? parts.Current[0] : null);
        using var writer = TableWriter.Create(path, columns.Schema);
        for (var rows = 0; any; any = parts.MoveNext())
        {
            writer.Write(columns.Rows(parts.Current));
            context.Output.Progress("predict", (double)(rows += parts.Current.Length) / table.RowCount);
        }
    }
}

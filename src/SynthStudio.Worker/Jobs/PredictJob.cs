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
internal sealed class PredictJob(PredictOrder order, Device device) : IJob
{
    /// <summary>Rows that are written together.</summary>
    private const int RowsAtOnce = 1_024;

    public string DeviceName { get; } = Devices.Resolve(device);

    public Completed Run(JobContext context)
    {
        context.Output.Progress("load", 0);
        var model = context.Model.Open(order.Model, "", device, context.Order.Threads);
        var predictor = model.Require<IPredictor>();
        context.Output.Progress("ingest", 0);

        // The predicted column may be absent, and others may be, as far as the model can do without.
        var others = model.Schema with { Columns = [.. model.Schema.Columns.Where(c => c.Name != order.Column)] };
        var table = Ingestion.ReadAs(context, order.Data, others, invalidValuesAreMissing: false, absentAreLeftOut: true);
        var column = model.Schema.Columns.FirstOrDefault(c => c.Name == order.Column)
            ?? throw new SynthesisException(SynthesisError.UnknownColumn, $"The model has no column '{order.Column}'.", order.Column);
        context.Output.Progress("predict", 0);
        var path = context.Scratch("predict.csv");
        Write(predictor.Predict(table, order.Column, order.Quantiles, context.Cancellation), column, path, rows => context.Output.Progress("predict", (double)rows / table.RowCount));
        var done = new Completed { Artifacts = { new Artifact { Role = "table", Path = path, MediaType = "text/csv" } } };
        done.Metrics["rows"] = table.RowCount;
        return done;
    }

    private void Write(IEnumerable<Prediction> predictions, ColumnSchema column, string path, Action<int> written)
    {
        using var parts = predictions.Chunk(RowsAtOnce).GetEnumerator();
        var any = parts.MoveNext();
        var columns = new PredictedColumns(column, order.Quantiles, any ? parts.Current[0] : null);
        using var writer = TableWriter.Create(path, columns.Schema);
        for (var rows = 0; any; any = parts.MoveNext())
        {
            writer.Write(columns.Rows(parts.Current));
            written(rows += parts.Current.Length);
        }
    }
}

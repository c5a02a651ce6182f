using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Gives each row of a table its log-likelihood: the lowest are the outliers.</summary>
internal sealed class ScoreRowsJob(ScoreRowsOrder order, Device device) : ModelOperationJob<IRowScorer>(order.Model, order.Data, device, "score")
{
    private const int DefaultOrders = 4;

    protected override void Make(JobContext context, IRowScorer scorer, Table table, string path, IDictionary<string, double> metrics)
    {
        var scores = scorer.LogLikelihood(table, order.Orders > 0 ? order.Orders : DefaultOrders, order.Seed, context.Cancellation);
        metrics["mean_log_likelihood"] = scores.Length > 0 ? scores.Average() : 0;
        var column = new NumericColumn(new ColumnSchema { Name = "log_likelihood", Kind = ColumnKind.Decimal, DecimalPlaces = 6 }, scores);
        TableWriter.Write(new Table(new TableSchema { Columns = [column.Schema] }, [column]), path);
    }
}

using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Gives each row of a table its log-likelihood: the lowest are the outliers.</summary>
internal sealed class ScoreRowsJob(ScoreRowsOrder order, Device device) : IJob
{
    private const int DefaultOrders = 4;

    public string DeviceName => Devices.Cpu;

    public Completed Run(JobContext context)
    {
        context.Output.Progress("load", 0);
        var model = context.Model.Open(order.Model, "", device, context.Order.Threads);
        var scorer = model.Require<IRowScorer>();
        context.Output.Progress("ingest", 0);
        var table = Ingestion.ReadAs(context, order.Data, model.Schema, invalidValuesAreMissing: false);
        context.Output.Progress("score", 0);
        var scores = scorer.LogLikelihood(table, order.Orders > 0 ? order.Orders : DefaultOrders, order.Seed, context.Cancellation);
        context.Output.Progress("score", 1);
        var path = context.Scratch("scores.csv");
        var column = new NumericColumn(new ColumnSchema { Name = "log_likelihood", Kind = ColumnKind.Decimal, DecimalPlaces = 6, Nullable = false }, scores);
        TableWriter.Write(new Table(new TableSchema { Columns = [column.Schema] }, [column]), path);
        return new Completed
        {
            Artifacts = { new Artifact { Role = "table", Path = path, MediaType = "text/csv" } },
            Metrics = { ["rows"] = scores.Length, ["mean_log_likelihood"] = scores.Length > 0 ? scores.Average() : 0 },
        };
    }
}

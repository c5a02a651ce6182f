using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Gives each row of a table its log-likelihood: the lowest are the outliers.</summary>
internal sealed class ScoreRowsJob(ScoreRowsOrder order, Device device) : ModelOperationJob<IRowScorer>(order.Model, order.Data, device, "score")
{
    private const int DefaultOrders = 4;

    protected override Table Apply(IRowScorer scorer, Table table, IDictionary<string, double> metrics, CancellationToken cancellation)
    {
        var scores = scorer.LogLikelihood(table, order.Orders > 0 ? order.Orders : DefaultOrders, order.Seed, cancellation);
        metrics["mean_log_likelihood"] = scores.Length > 0 ? scores.Average() : 0;
        return TableOf([Figures("log_likelihood", nullable: false, scores)]);
    }
}

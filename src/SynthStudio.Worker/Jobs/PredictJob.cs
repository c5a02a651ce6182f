using System.Globalization;
using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>
/// Gives each row of a table the distribution of one column, given the other columns: a column for each category's probability, or the mean and
/// quantiles of numbers; and the probability that the value is missing, where it can be.
/// </summary>
internal sealed class PredictJob(PredictOrder order, Device device) : IJob
{
    private const int Decimals = 6;

    public string DeviceName => Devices.Cpu;

    public Completed Run(JobContext context)
    {
        context.Output.Progress("load", 0);
        var model = context.Model.Open(order.Model, "", device, context.Order.Threads);
        var predictor = model.Require<IPredictor>();
        context.Output.Progress("ingest", 0);
        var others = model.Schema with { Columns = [.. model.Schema.Columns.Where(c => c.Name != order.Column)] };
        var table = Ingestion.ReadAs(context, order.Data, others, invalidValuesAreMissing: false, absentAreLeftOut: true);
        context.Output.Progress("predict", 0);
        var predictions = predictor.Predict(table, order.Column, order.Quantiles, context.Cancellation);
        context.Output.Progress("predict", 1);
        var path = context.Scratch("predictions.csv");
        var columns = Columns(predictions).ToList();
        TableWriter.Write(new Table(new TableSchema { Columns = [.. columns.Select(c => c.Schema)] }, [.. columns]), path);
        return new Completed
        {
            Artifacts = { new Artifact { Role = "table", Path = path, MediaType = "text/csv" } },
            Metrics = { ["rows"] = predictions.Count },
        };
    }

    private IEnumerable<Column> Columns(IReadOnlyList<Prediction> predictions)
    {
        foreach (var category in predictions.SelectMany(p => p.Categories.Keys).Distinct().Order(StringComparer.Ordinal))
            yield return Of($"probability:{category}", predictions, p => p.Categories.GetValueOrDefault(category));
        if (predictions.Any(p => p.Mean is not null)) yield return Of("mean", predictions, p => p.Mean ?? double.NaN);
        for (var q = 0; q < order.Quantiles.Count; q++)
        {
            var level = q;
            if (predictions.Any(p => p.Quantiles.Count > level))
                yield return Of(string.Create(CultureInfo.InvariantCulture, $"quantile:{order.Quantiles[q]}"), predictions, p => p.Quantiles.Count > level ? p.Quantiles[level] : double.NaN);
        }

        if (predictions.Any(p => p.Missing > 0)) yield return Of("probability_missing", predictions, p => p.Missing);
    }

    private static NumericColumn Of(string name, IReadOnlyList<Prediction> predictions, Func<Prediction, double> value) => new(
        new ColumnSchema { Name = name, Kind = ColumnKind.Decimal, DecimalPlaces = Decimals, Nullable = true }, [.. predictions.Select(value)]);
}

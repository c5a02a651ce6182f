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
internal sealed class PredictJob(PredictOrder order, Device device) : ModelOperationJob<IPredictor>(order.Model, order.Data, device, "predict")
{
    /// <summary>The predicted column may be absent, and others may be, as far as the model can do without.</summary>
    protected override Table Read(JobContext context, DataFile file, TableSchema schema) => Ingestion.ReadAs(
        context, file, schema with { Columns = [.. schema.Columns.Where(c => c.Name != order.Column)] }, invalidValuesAreMissing: false, absentAreLeftOut: true);

    protected override Table Apply(IPredictor predictor, Table table, IDictionary<string, double> metrics, CancellationToken cancellation) =>
        TableOf([.. Columns(predictor.Predict(table, order.Column, order.Quantiles, cancellation))]);

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

    private static NumericColumn Of(string name, IReadOnlyList<Prediction> predictions, Func<Prediction, double> value) =>
        Figures(name, nullable: true, [.. predictions.Select(value)]);
}

using System.Globalization;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Worker.Jobs;

/// <summary>The columns that predictions are written in.</summary>
internal sealed class PredictedColumns
{
    private readonly List<(ColumnSchema Schema, Func<Prediction, double> Value)> columns = [];

    /// <param name="predicted">The column that is predicted.</param>
    /// <param name="quantiles">Levels.</param>
    /// <param name="first">The first prediction, which has the same values as all others; null where there is none.</param>
    public PredictedColumns(ColumnSchema predicted, IReadOnlyList<double> quantiles, Prediction? first)
    {
        IEnumerable<string> values = first is null ? [] : first.Categories.Keys;
        foreach (var value in predicted.IsNumeric ? values : values.Order(StringComparer.Ordinal))
            columns.Add((Figure($"probability:{value}"), prediction => prediction.Categories.GetValueOrDefault(value)));
        if (first?.Other is not null) columns.Add((Figure("probability_other"), prediction => prediction.Other ?? 0));
        if (predicted.IsNumeric)
        {
            if (predicted.Kind != ColumnKind.Ordinal) columns.Add((Like(predicted, "mean"), prediction => prediction.Mean ?? double.NaN));
            foreach (var (place, level) in quantiles.Index().DistinctBy(quantile => quantile.Item))
                columns.Add((
                    Like(predicted, string.Create(CultureInfo.InvariantCulture, $"quantile:{level}")),
                    prediction => prediction.Quantiles.Count > place ? prediction.Quantiles[place] : double.NaN));
        }

        if (predicted.Nullable || first?.Missing > 0) columns.Add((Figure("probability_missing"), prediction => prediction.Missing));
        Schema = new TableSchema { Columns = [.. columns.Select(column => column.Schema)] };
    }

    public TableSchema Schema { get; }

    /// <summary>Some predictions as rows.</summary>
    public Table Rows(Prediction[] predictions) => new(
        Schema, [.. columns.Select(column => new NumericColumn(column.Schema, Array.ConvertAll(predictions, row => column.Value(row))))]);

    private static ColumnSchema Figure(string name) => new() { Name = name, Kind = ColumnKind.Decimal, DecimalPlaces = 6 };

    /// <summary>Values in the column's spelling; of numbers as plain ones, as a mean of whole numbers is none.</summary>
    private static ColumnSchema Like(ColumnSchema predicted, string name) => predicted.Kind is ColumnKind.Integer or ColumnKind.Decimal
        ? Figure(name)
        : new ColumnSchema { Name = name, Kind = predicted.Kind, Format = predicted.Format, Order = predicted.Order };
}

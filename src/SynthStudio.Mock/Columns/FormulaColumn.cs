using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>What a formula makes of the row's other columns.</summary>
internal sealed class FormulaColumn(ColumnSchema schema, double missing, ulong stream, Expression formula) : MockColumn(schema, missing, stream)
{
    public Expression Formula { get; } = formula;

    private int? Places => Schema.Kind == ColumnKind.Integer ? 0 : Schema.DecimalPlaces;

    protected override Column Fill(RowBlock block)
    {
        var read = Formula.Columns.Select(name => block.Made[name]).ToList();
        var values = Formula.Over(new Table(new TableSchema { Columns = [.. read.Select(c => c.Schema)] }, read));
        if (Schema.IsNumeric)
        {
            var numbers = new double[block.Rows];
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = values.Number(i);
                numbers[i] = !double.IsFinite(numbers[i]) ? double.NaN : Places is { } places ? Math.Round(numbers[i], places) : numbers[i];
            }

            return new NumericColumn(Schema, numbers);
        }

        if (values.Type == ExpressionType.Truth)
        {
            return new CodedColumn(
                Schema, [.. Enumerable.Range(0, block.Rows).Select(i => values.IsMissing(i) ? CodedColumn.Missing : (int)values.Number(i))], ["false", "true"]);
        }

        var texts = Enumerable.Range(0, block.Rows).Select(i => values.Text(i) ?? "").ToArray();
        return new CodedColumn(Schema, [.. Enumerable.Range(0, block.Rows).Select(i => values.Text(i) is null ? CodedColumn.Missing : i)], texts);
    }
}

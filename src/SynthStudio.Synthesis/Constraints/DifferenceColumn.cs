using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// <c>low &lt;= high</c>: instead of high a model learns high - low, which is never negative. Where the two are spelled differently, such as a moment and
/// a day, high is drawn as it can be written, or else the file would cut it to before low.
/// </summary>
/// <param name="low">Name of the lower column; never missing in training.</param>
/// <param name="high">The higher column.</param>
/// <param name="difference">The column that stands for it.</param>
[method: JsonConstructor]
internal sealed class DifferenceColumn(string low, ColumnSchema high, ColumnSchema difference) : TableTransform
{
    public string Low { get; } = StoredParts.Name(low);

    public ColumnSchema High { get; } = StoredParts.Column(high);

    public ColumnSchema Difference { get; } = StoredParts.Column(difference);

    /// <summary>The transform for two columns of a table; null when low is missing somewhere, or the kinds differ.</summary>
    public static DifferenceColumn? Fit(string low, string high, Table table)
    {
        if (table[low] is not NumericColumn lower || table[high] is not NumericColumn upper || Array.Exists(lower.Values, double.IsNaN)) return null;
        var moments = lower.Schema.Kind is ColumnKind.DateTime or ColumnKind.Date;
        var alike = moments ? upper.Schema.Kind is ColumnKind.DateTime or ColumnKind.Date
            : lower.Schema.Kind is ColumnKind.Time or ColumnKind.Duration ? upper.Schema.Kind == lower.Schema.Kind
            : lower.Schema.Kind == ColumnKind.Ordinal ? lower.Schema.Order!.Equals(upper.Schema.Order)
            : upper.Schema.Kind is ColumnKind.Integer or ColumnKind.Decimal;
        if (!alike) return null;
        var whole = Enumerable.Range(0, lower.Count).All(row => upper.IsMissing(row) || double.IsInteger(upper.Values[row] - lower.Values[row]));
        return new DifferenceColumn(low, upper.Schema, new ColumnSchema
        {
            Name = $"{high} - {low}",
            Kind = whole ? ColumnKind.Integer : ColumnKind.Decimal,
            DecimalPlaces = whole || moments ? null : Places(lower.Schema) is { } a && Places(upper.Schema) is { } b ? Math.Max(a, b) : null,
            Nullable = upper.Schema.Nullable,
        });
    }

    [JsonIgnore]
    public override string? LearnedAs => Difference.Name;

    [JsonIgnore]
    public override IReadOnlyList<string> Needs => [Difference.Name, Low];

    public override string NameOf(string column) => column != High.Name ? column : throw InAnotherForm(column, $"as '{Low}' and a difference");

    public override Table Forward(Table table)
    {
        double[] lower = ((NumericColumn)table[Low]).Values, upper = ((NumericColumn)table[High.Name]).Values;
        var differences = new double[lower.Length];
        for (var row = 0; row < differences.Length; row++)
            differences[row] = Difference.DecimalPlaces is { } places ? Math.Round(upper[row] - lower[row], places) : upper[row] - lower[row];
        return With(table, table.Columns.Where(column => column.Name != High.Name).Append(new NumericColumn(Difference, differences)));
    }

    public override Table Backward(Table drawn)
    {
        var low = (NumericColumn)drawn[Low];
        double[] lower = Written(low), differences = ((NumericColumn)drawn[Difference.Name]).Values;
        var upper = new double[lower.Length];
        for (var row = 0; row < upper.Length; row++) upper[row] = lower[row] + differences[row];
        RaiseToLow(low.Schema, lower, upper);
        var high = new NumericColumn(High, upper);
        high = new NumericColumn(High, Written(high));
        return With(drawn, drawn.Columns.Where(column => column.Name != Difference.Name).Append(high));
    }

    public override (Table Rows, bool[]? Unknown) Read(Table table, bool toFill)
    {
        if (!Has(table, Low, High.Name)) return (Without(table, High.Name), null);
        var unknown = LowMissing(table);
        return (Forward(table), unknown.Contains(true) ? unknown : null);
    }

    public override Func<int, double> Gap(Table observed, Table drawn)
    {
        if (!Has(observed, Low, High.Name) || !Has(drawn, Low, High.Name)) return _ => 0;
        var (lacking, distance) = (LowMissing(observed), Distance(Numbers(observed, High.Name), Numbers(drawn, High.Name)));
        return row => lacking[row] ? distance(row) : 0;
    }

    /// <summary>A missing low is the known high without the difference that was drawn.</summary>
    public override Table Settle(Table known, Table drawn)
    {
        if (!Has(known, Low, High.Name) || !Has(drawn, Low, High.Name)) return known;
        var lacking = LowMissing(known);
        double[] high = Numbers(known, High.Name), drawnLow = Numbers(drawn, Low), drawnHigh = Numbers(drawn, High.Name);
        return Replace(known, Low, row => lacking[row] ? high[row] - (drawnHigh[row] - drawnLow[row]) : null);
    }

    public override Table Follow(Table observed, Table filled, Table drawn)
    {
        if (!Has(filled, Low, High.Name) || !Has(drawn, Low, High.Name)) return filled;
        double[] low = Numbers(filled, Low), drawnLow = Numbers(drawn, Low), drawnHigh = Numbers(drawn, High.Name), seen = Numbers(observed, High.Name);
        double[] high = [.. low.Select((value, row) => value + (drawnHigh[row] - drawnLow[row]))];
        RaiseToLow(filled[Low].Schema, low, high);
        return Replace(filled, High.Name, row => double.IsNaN(seen[row]) ? high[row] : null);
    }

    /// <summary>Where low is one number, what is asked of high is asked of the difference; else of the rows, and what follows from it of both.</summary>
    public override void Translate(AskedConditions asked)
    {
        if (asked.Take(High.Name) is not { } condition) return;
        if (condition is NotMissingCondition or ValuesCondition { Values: [null] })
        {
            asked.Add(Difference, condition);
            return;
        }

        asked.Check(High.Name, condition);
        var mayLack = condition is ValuesCondition { Values: var values } && values.Contains(null);
        if (asked.NumberOf(Low) is { } low)
        {
            var difference = AskedConditions.Shifted(High, condition, low, Difference);
            asked.Add(Difference, mayLack ? difference : BothConditions.Of(Difference, difference, Condition.Between(new RangeBound("0"), null)));
            return;
        }

        if (mayLack) return;
        var lower = asked.SchemaOf(Low);
        var (least, most) = ConditionNumbers.Ends(High, condition);
        var (from, to) = ConditionNumbers.Ends(lower, asked.Of(Low));
        asked.Imply(lower, double.NegativeInfinity, most);
        asked.Imply(Difference, Math.Max(0, least - to), most - from);
    }

    /// <summary>Takes each high to the nearest value that can be written and is not below its low, where the spelling would cut it to before that.</summary>
    private void RaiseToLow(ColumnSchema low, double[] lower, double[] upper)
    {
        if (!IsCut(low)) return;
        var (least, written) = (new WrittenValues(low), new WrittenValues(High));
        for (var row = 0; row < upper.Length; row++)
        {
            var from = least.Of(lower[row]);
            upper[row] = written.NotBelow(Math.Max(upper[row], from), from);
        }
    }

    /// <summary>Whether high is written in another spelling than low, which may cut more of it.</summary>
    private bool IsCut(ColumnSchema low) => High.Kind is ColumnKind.DateTime or ColumnKind.Date or ColumnKind.Time or ColumnKind.Duration
        && (High.Kind != low.Kind || High.Format != low.Format);

    /// <summary>By row whether low is missing and high is not.</summary>
    private bool[] LowMissing(Table table)
    {
        double[] low = Numbers(table, Low), high = Numbers(table, High.Name);
        return [.. low.Select((value, row) => double.IsNaN(value) && !double.IsNaN(high[row]))];
    }

    private static int? Places(ColumnSchema column) => column.Kind == ColumnKind.Integer ? 0 : column.DecimalPlaces;
}

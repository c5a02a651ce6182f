using SynthStudio.Synthesis.Conditions;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>Something that each drawn row must pass.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="BrokenIn">Whether a row (0-based) of a table breaks it.</param>
internal sealed record RowCheck(string Name, Func<Table, Func<int, bool>> BrokenIn)
{
    /// <summary>The checks that a schema's rules ask for, row by row.</summary>
    public static IEnumerable<RowCheck> Of(TableSchema schema) => schema.Constraints
        .Select(constraint => RowRule.Of(constraint, schema)).OfType<RowRule>().Select(rule => new RowCheck(rule.Name, rule.BrokenIn));

    /// <summary>A value that follows from others must not leave the range that its column has in training.</summary>
    public static RowCheck Within(ValueRange range) => new($"usual range of {range.Column}", table =>
    {
        var values = ((NumericColumn)table[range.Column]).Values;
        return row => values[row] < range.Least || values[row] > range.Most;
    });

    /// <summary>What was asked of a column that the model does not have by itself.</summary>
    /// <exception cref="SynthesisException">A text is no value of the column.</exception>
    public static RowCheck Of(ColumnSchema column, Condition condition) => new($"{column.Name} as asked for", condition switch
    {
        NotMissingCondition => table => table[column.Name].IsMissing,
        RangeCondition range => Outside(column, range),
        ValuesCondition { Values: var values } when column.IsNumeric => OtherThan(column, [.. values.Select(v => v is null ? double.NaN : Number(column, v))]),
        ValuesCondition { Values: var values } => table => row => !values.Contains(((CodedColumn)table[column.Name]).Text(row)),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "There is no such kind of condition."),
    });

    private static Func<Table, Func<int, bool>> OtherThan(ColumnSchema column, HashSet<double> asked) => table =>
    {
        var values = ((NumericColumn)table[column.Name]).Values;
        return row => !asked.Contains(values[row]);
    };

    private static Func<Table, Func<int, bool>> Outside(ColumnSchema column, RangeCondition range)
    {
        if (!column.IsNumeric) throw Impossible(column, "only numbers, dates and times can be given as a range");
        var low = range.Low is { } l ? Number(column, l.Value) : double.NegativeInfinity;
        var high = range.High is { } h ? Number(column, h.Value) : double.PositiveInfinity;
        bool lowIncluded = range.Low?.Inclusive ?? true, highIncluded = range.High?.Inclusive ?? true;
        return table =>
        {
            var values = ((NumericColumn)table[column.Name]).Values;
            return row => values[row] is var v && !((lowIncluded ? v >= low : v > low) && (highIncluded ? v <= high : v < high));
        };
    }

    private static double Number(ColumnSchema column, string text) =>
        CellText.TryReadNumber(column, text, out var number) ? number : throw Impossible(column, $"'{text}' is no value of its kind");

    private static SynthesisException Impossible(ColumnSchema column, string why) =>
        new(SynthesisError.ImpossibleCondition, $"Column '{column.Name}': {why}.", column.Name);
}

/// <summary>A column's range without its few most extreme values; open where there are too few to leave some out.</summary>
internal sealed record ValueRange(string Column, double Least, double Most)
{
    private const int ProtectedRows = 5;

    /// <summary>Of the values in a column.</summary>
    public static ValueRange Of(NumericColumn column)
    {
        var sorted = Array.FindAll(column.Values, value => !double.IsNaN(value));
        Array.Sort(sorted);
        return sorted.Length > 4 * ProtectedRows
            ? new(column.Name, sorted[ProtectedRows - 1], sorted[^ProtectedRows])
            : new(column.Name, double.NegativeInfinity, double.PositiveInfinity);
    }
}

using SynthStudio.Synthesis.Conditions;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>Something that each drawn row must pass.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="BrokenIn">Whether a row (0-based) of a table breaks it.</param>
/// <param name="Asked">The column of which it was asked; null for what holds whatever is asked.</param>
internal sealed record RowCheck(string Name, Func<Table, Func<int, bool>> BrokenIn, string? Asked = null)
{
    /// <summary>The checks that a schema's rules ask for, row by row.</summary>
    public static IEnumerable<RowCheck> Of(TableSchema schema) => schema.Rules
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
        ValuesCondition { Values: var values } when !column.IsNumeric => table => row => !values.Contains(((CodedColumn)table[column.Name]).Text(row)),
        LikeCondition { Value: var drawn } when !column.IsNumeric => table => row => drawn != ((CodedColumn)table[column.Name]).Text(row),
        _ => NotMet(column, ConditionNumbers.Meets(column, condition)),
    }, column.Name);

    private static Func<Table, Func<int, bool>> NotMet(ColumnSchema column, Predicate<double> meets) => table =>
    {
        var values = ((NumericColumn)table[column.Name]).Values;
        return row => !meets(values[row]);
    };
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

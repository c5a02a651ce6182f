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
    public static RowCheck Equal(ColumnSchema column, string? text)
    {
        var name = $"{column.Name} as asked for";
        if (text is null) return new(name, table => row => !table[column.Name].IsMissing(row));
        if (!column.IsNumeric) return new(name, table => row => ((CodedColumn)table[column.Name]).Text(row) != text);
        return CellText.TryReadNumber(column, text, out var asked)
            ? new(name, table => row => ((NumericColumn)table[column.Name]).Values[row] != asked)
            : throw new SynthesisException(SynthesisError.ImpossibleCondition, $"Column '{column.Name}': '{text}' is no value of its kind.", column.Name);
    }
}

/// <summary>A column's range without its few most extreme values.</summary>
internal sealed record ValueRange(string Column, double Least, double Most)
{
    private const int ProtectedRows = 5;

    /// <summary>Of the values in a column; all of them when there are too few to leave some out.</summary>
    public static ValueRange Of(NumericColumn column)
    {
        var sorted = Array.FindAll(column.Values, value => !double.IsNaN(value));
        Array.Sort(sorted);
        var left = sorted.Length > 4 * ProtectedRows ? ProtectedRows - 1 : 0;
        return sorted.Length == 0 ? new(column.Name, double.NegativeInfinity, double.PositiveInfinity) : new(column.Name, sorted[left], sorted[^(left + 1)]);
    }
}

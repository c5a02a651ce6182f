using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Conditions;

/// <summary>Two conditions on one column as one.</summary>
internal static class BothConditions
{
    /// <summary>The condition that a value meets when it meets both.</summary>
    /// <exception cref="SynthesisException">They exclude each other, or a text is no value of the column.</exception>
    public static Condition Of(ColumnSchema column, Condition first, Condition second) => (first, second) switch
    {
        (ValuesCondition values, var other) => Values(column, values, other),
        (var other, ValuesCondition values) => Values(column, values, other),
        (RangeCondition a, RangeCondition b) => Ranges(column, a, b),
        (NotMissingCondition, var other) => other,
        (var other, NotMissingCondition) => other, // Ranges leave no missing value, whichever they are.
        _ => throw new SynthesisException(SynthesisError.ImpossibleCondition, $"Column '{column.Name}': these two conditions cannot be told together.", column.Name),
    };

    private static ValuesCondition Values(ColumnSchema column, ValuesCondition values, Condition other)
    {
        var meets = Meets(column, other);
        var both = values.Values.Where(value => meets(value)).ToList();
        return both.Count > 0 ? new ValuesCondition(both) : throw Exclude(column);
    }

    private static Predicate<string?> Meets(ColumnSchema column, Condition condition)
    {
        if (condition is NotMissingCondition) return text => text is not null;
        if (column.IsNumeric || condition is not ValuesCondition { Values: var values })
        {
            var meets = ConditionNumbers.Meets(column, condition);
            return text => meets(text is null ? double.NaN : ConditionNumbers.Read(column, text));
        }

        return text => values.Contains(text);
    }

    private static RangeCondition Ranges(ColumnSchema column, RangeCondition a, RangeCondition b)
    {
        var both = new RangeCondition(Tighter(column, a.Low, b.Low, 1), Tighter(column, a.High, b.High, -1));
        var (low, high) = ConditionNumbers.Ends(column, both);
        return low < high || (low == high && both.Low!.Inclusive && both.High!.Inclusive) ? both : throw Exclude(column);
    }

    /// <param name="column">The column.</param>
    /// <param name="a">An end of one.</param>
    /// <param name="b">The same end of the other.</param>
    /// <param name="sign">1 for lower ends: the greater one leaves less; -1 for upper ones.</param>
    private static RangeBound? Tighter(ColumnSchema column, RangeBound? a, RangeBound? b, int sign)
    {
        if (a is null || b is null) return a ?? b;
        var difference = sign * ConditionNumbers.Read(column, a.Value).CompareTo(ConditionNumbers.Read(column, b.Value));
        return difference > 0 || (difference == 0 && !a.Inclusive) ? a : b;
    }

    private static SynthesisException Exclude(ColumnSchema column) =>
        new(SynthesisError.ImpossibleCondition, $"Column '{column.Name}': no value meets all that is asked of it.", column.Name);
}

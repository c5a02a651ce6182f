using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Conditions;

/// <summary>Conditions on numbers, dates and times as numbers.</summary>
internal static class ConditionNumbers
{
    /// <summary>Numbers that were computed from others count as equal up to this part of them.</summary>
    private const double Rounding = 1e-12;

    /// <summary>The number that a text stands for in a column.</summary>
    /// <exception cref="SynthesisException">It stands for none.</exception>
    public static double Read(ColumnSchema column, string text) => !column.IsNumeric
        ? throw Impossible(column, "only numbers, dates and times can be given as a range")
        : TryRead(column, text, out var number) ? number
        : throw Impossible(column, column.Kind is ColumnKind.Date or ColumnKind.DateTime ? ConditionMoments.Refusal(column, text) : $"'{text}' cannot be read as a value of this column");

    /// <summary>Whether two numbers are one, but for the rounding of sums.</summary>
    public static bool Same(double a, double b) => a.Equals(b) || Math.Abs(a - b) <= Rounding * Math.Max(Math.Abs(a), Math.Abs(b));

    /// <summary>The least and greatest number that a condition may leave; the whole line when it says nothing of it.</summary>
    public static (double Low, double High) Ends(ColumnSchema column, Condition? condition)
    {
        switch (condition)
        {
            case RangeCondition range:
                return (
                    range.Low is { } low ? Read(column, low.Value) : double.NegativeInfinity,
                    range.High is { } high ? Read(column, high.Value) : double.PositiveInfinity);
            case ValuesCondition { Values: var values } when values.Any(value => value is not null):
                double[] numbers = [.. values.OfType<string>().Select(value => Read(column, value))];
                return (numbers.Min(), numbers.Max());
            default:
                return (double.NegativeInfinity, double.PositiveInfinity);
        }
    }

    /// <summary>The end of a range at a number, the number within; null when the column's spelling cannot say it, or would leave less.</summary>
    /// <param name="column">The column of the range.</param>
    /// <param name="number">The end; infinite is open.</param>
    /// <param name="isHigh">Whether it is the upper end.</param>
    public static RangeBound? Bound(ColumnSchema column, double number, bool isHigh)
    {
        if (!double.IsFinite(number) || column.Kind == ColumnKind.Ordinal || (column.Kind == ColumnKind.Time && number is < 0 or >= 86_400)) return null;
        if (column.Kind is ColumnKind.Date or ColumnKind.DateTime && Math.Abs(number) > 6e10) return null; // Beyond the years 68 and 3871.
        return CellText.OfNumber(column, number) is { } text && TryRead(column, text, out var read) && (isHigh ? read >= number : read <= number)
            ? new RangeBound(text)
            : null;
    }

    /// <summary>Whether a number, NaN when missing, meets a condition.</summary>
    /// <exception cref="SynthesisException">A text is no value of the column.</exception>
    public static Predicate<double> Meets(ColumnSchema column, Condition condition)
    {
        switch (condition)
        {
            case NotMissingCondition:
                return value => !double.IsNaN(value);
            case LikeCondition { Value: var drawn }:
                return Meets(column, Condition.Is(drawn));
            case ValuesCondition { Values: var values }:
                double[] asked = [.. values.Select(value => value is null ? double.NaN : Read(column, value))];
                return value => Array.Exists(asked, one => Same(one, value));
            case RangeCondition range:
                var (low, high) = Ends(column, range);
                bool lowIncluded = range.Low?.Inclusive ?? true, highIncluded = range.High?.Inclusive ?? true;
                return value => (lowIncluded ? value >= low : value > low) && (highIncluded ? value <= high : value < high);
            case RangesCondition { Ranges: var ranges }:
                return value => ranges.Any(one => value >= one.Low && value <= one.High);
            default:
                throw new ArgumentOutOfRangeException(nameof(condition), condition, "There is no such kind of condition.");
        }
    }

    private static bool TryRead(ColumnSchema column, string text, out double number)
    {
        var culture = CultureInfo.InvariantCulture;
        switch (column.Kind)
        {
            case ColumnKind.Integer or ColumnKind.Decimal:
                return (double.TryParse(text, NumberStyles.Float, culture, out number) && double.IsFinite(number))
                    || CellText.TryReadNumber(column, text, out number);
            case ColumnKind.Duration or ColumnKind.Ordinal:
                return CellText.TryReadNumber(column, text, out number);
            case ColumnKind.Time:
                var isTime = TimeOnly.TryParse(text, culture, out var time);
                number = time.ToTimeSpan().TotalSeconds;
                return isTime;
            default:
                return ConditionMoments.TryRead(column, text, out number);
        }
    }

    private static SynthesisException Impossible(ColumnSchema column, string why) =>
        new(SynthesisError.ImpossibleCondition, $"Column '{column.Name}': {why}.", column.Name);
}

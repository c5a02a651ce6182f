namespace SynthStudio.Tabular;

/// <summary>A formula over the rows of one table.</summary>
/// <param name="Type">What it yields.</param>
/// <param name="Number">The value in a row (0-based) as a number: 1 and 0 for true and false, seconds for moments; NaN when missing or a text.</param>
/// <param name="Text">The value in a row as a text; null when missing or not a text.</param>
public sealed record RowValues(ExpressionType Type, Func<int, double> Number, Func<int, string?> Text)
{
    /// <summary>The column's spelling, when the numbers stand for something that is written otherwise: a text beside it is read so.</summary>
    internal ISpelling? Spelling { get; init; }

    internal static RowValues OfNumber(ExpressionType type, Func<int, double> number) => new(type, number, static _ => null);

    internal static RowValues OfText(Func<int, string?> text) => new(ExpressionType.Text, static _ => double.NaN, text);

    /// <summary>Whether the value is missing in a row.</summary>
    public bool IsMissing(int row) => Type == ExpressionType.Text ? Text(row) is null : double.IsNaN(Number(row));

    /// <summary>Whether a truth is false in a row; true and unknown are not.</summary>
    public bool IsFalse(int row) => Number(row) == 0;
}

using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Distance;

/// <summary>The range of a numerical column in training.</summary>
internal readonly record struct NumberScale(double Min, double Range)
{
    /// <param name="present">The values without the missing ones. A constant column keeps its unit.</param>
    public static NumberScale Of(double[] present) => present.Length == 0
        ? new NumberScale(0, 1)
        : new NumberScale(present.Min(), present.Max() > present.Min() ? present.Max() - present.Min() : 1);

    /// <summary>The ranges of all numerical columns of <paramref name="train"/>; nothing for the others.</summary>
    public static NumberScale[] OfAll(EncodedTable train) =>
        [.. train.Columns.Select((column, i) => column.IsNumeric ? Of(train.PresentNumbers(i)) : default)];

    /// <summary>The value as a fraction of the range, 0 to 1 inside it; NaN stays NaN.</summary>
    public double Scale(double value) => (value - Min) / Range;
}

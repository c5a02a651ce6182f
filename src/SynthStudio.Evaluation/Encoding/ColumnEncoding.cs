using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Encoding;

/// <summary>How one column is held in every table of an evaluation: as numbers, or as codes into categories all tables share.</summary>
/// <param name="Schema">The column.</param>
/// <param name="Categories">The distinct texts of all tables in ordinal order; empty for numbers.</param>
internal sealed record ColumnEncoding(ColumnSchema Schema, string[] Categories)
{
    public string Name => Schema.Name;

    public bool IsNumeric => Schema.IsNumeric;

    /// <summary>The categories read as numbers, NaN where one is not a finite number.</summary>
    public double[] CategoryNumbers { get; } = [.. Categories.Select(ParseNumber)];

    private static double ParseNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : double.NaN;
}

using System.Globalization;

namespace SynthStudio.Cli.Progress;

/// <summary>Numbers of things for people.</summary>
internal static class Counts
{
    /// <summary>For example <c>1 row</c>, <c>24,421 rows</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="thing">One of them; an s makes it many.</param>
    public static string Of(double count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {thing}{(count == 1 ? "" : "s")}");

    /// <summary>For example <c>5,000 rows, 12 columns</c>.</summary>
    public static string OfTable(long rows, int columns) => $"{Of(rows, "row")}, {Of(columns, "column")}";
}

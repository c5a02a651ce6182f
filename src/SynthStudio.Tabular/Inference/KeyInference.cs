namespace SynthStudio.Tabular;

/// <summary>
/// Which columns are keys: distinct in (almost) every row, or named like a key that refers to persons or things with several rows each. Their values
/// identify, so they are made anew, however often one repeats or is missing.
/// </summary>
internal static class KeyInference
{
    /// <summary>Below so many rows, distinct values prove nothing.</summary>
    public const int FewRows = 20;

    /// <summary>A key that a few rows share, or lack, is one all the same.</summary>
    private const double LeastDistinct = 0.99;

    /// <summary>Up to so many distinct values a column is a set of categories, whatever it is called.</summary>
    private const int FewKeys = 50;

    /// <summary>What has more rows than this for each value is a category, unless its name speaks of persons.</summary>
    private const int MostRowsOfKey = 20;

    private const int LongestKey = 64;

    /// <summary>Why a column of whole numbers is a key; null when it is none.</summary>
    public static string? OfNumbers(string name, ColumnEvidence e)
    {
        // 41 and 41.0 are two texts, but one number.
        if (!e.AllWhole || (e.WithPoint > 0 && e.WithPoint < e.Present - e.Unknown - e.Infinite)) return null;
        return Distinct(name, e) ?? (!NameWords.SayOrder(name) && NumbersTheRows(e) ? "numbers the rows" : null) ?? Referring(name, e);
    }

    /// <summary>Why a column with enough rows is a key by its name and distinct values; null when it is none.</summary>
    public static string? Distinct(string name, ColumnEvidence e)
    {
        if (e.Present < FewRows || e.Distinct < LeastDistinct * e.Present || !HasFewUnknown(e)) return null;
        if (!NameWords.SayKey(name) && !IsNumbered(name, e)) return null;
        return e.Distinct == e.Present ? "distinct in every row, and named like a key" : "distinct in almost every row, and named like a key";
    }

    /// <summary>Why a column whose values repeat is a key; null when it is none.</summary>
    public static string? Referring(string name, ColumnEvidence e)
    {
        if (e.Present < FewRows || e.Distinct <= FewKeys || e.WithSpace > 0 || e.MostBytes > LongestKey || e.Minimum < 0 || !HasFewUnknown(e)) return null;
        if (NameWords.SayPersonKey(name)) return "named like a key of persons, with many values";
        return NameWords.SayReference(name) && e.Present <= MostRowsOfKey * e.Distinct ? "named like a key, with many values that repeat" : null;
    }

    /// <summary>
    /// Whether the values are numbers of things, as of invoices. What the name says is personal data is for its class to decide: a
    /// telephone number is no key.
    /// </summary>
    private static bool IsNumbered(string name, ColumnEvidence e) =>
        e.Minimum >= 0 && NameWords.SayOrdinal(name) && PersonalDataNames.Recognise(name) is null;

    private static bool NumbersTheRows(ColumnEvidence e)
    {
        var rows = e.Present + e.Missing;
        return e.WithPoint == 0 && e.Present >= FewRows && e.Distinct >= LeastDistinct * rows && HasFewUnknown(e) && e.Maximum - e.Minimum + 1 <= 1.01 * rows;
    }

    private static bool HasFewUnknown(ColumnEvidence e) => e.Unknown + e.Infinite <= (1 - LeastDistinct) * e.Present;
}

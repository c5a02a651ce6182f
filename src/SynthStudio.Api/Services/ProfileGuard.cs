using System.Text.Json;
using System.Text.Json.Nodes;

namespace SynthStudio.Api.Services;

/// <summary>
/// What of a profile is for those whom the data policy does not name: nothing that few rows, or a single one, tell. Left out are values
/// that fewer than <see cref="LeastRows"/> rows hold, counts of so few rows and of all but so few (of the table, or of a column's rows with
/// a value), what would give them away beside the others, what the least and the greatest value say (they, quantiles with fewer rows beyond
/// them, histograms, whose equal bins give them away, and lengths), all values of columns that name persons, may tell them apart, or are
/// sensitive, and why a column has its kind, which is told with the rows that speak against it. It is told that personal data were found,
/// but not in how many values (<see cref="FindingGuard"/>).
/// </summary>
internal static class ProfileGuard
{
    /// <summary>Fewer rows are few: as in the figures of k-anonymity that <see cref="AnalysisService"/> gives.</summary>
    public const int LeastRows = 5;

    private static readonly string[] OfExtremes = ["minimum", "maximum", "minimum_text", "maximum_text", "histogram"];

    /// <summary>The guarded profile, with <c>least_rows</c> to say that it is one.</summary>
    /// <param name="json">The profile as the worker wrote it, of any version.</param>
    /// <param name="telling">Names of the columns whose values tell of persons.</param>
    /// <exception cref="JsonException">The text is no profile.</exception>
    public static string Guard(string json, IReadOnlySet<string> telling)
    {
        var profile = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("The text is not a profile.");
        profile["least_rows"] = LeastRows;
        var rows = (long?)profile["rows"] ?? 0;
        if (rows < LeastRows) profile.Remove("correlations"); // Of two rows they are told by their signs.
        if (IsFew((long?)profile["duplicate_rows"] ?? 0, rows)) profile.Remove("duplicate_rows");
        foreach (var column in (profile["columns"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Guard(column, rows, isTelling: telling.Contains((string?)column["name"] ?? ""));
        }

        return profile.ToJsonString();
    }

    private static void Guard(JsonObject column, long rows, bool isTelling)
    {
        var missing = (long?)column["missing"] ?? 0;
        var present = rows - missing;

        // What else is told must not depend on a number that is not: it is taken for the greatest, or least, that it may be.
        var isHidden = IsFew(missing, rows);
        var surelyPresent = isHidden ? Math.Min(present, rows - (LeastRows - 1)) : present;
        column.Remove("lengths");
        column.Remove("reason"); // "All but 2 of 30 values": without the numbers, too, it tells that they are few.
        foreach (var finding in (column["personal_data"] as JsonArray ?? []).OfType<JsonObject>()) FindingGuard.Guard(finding);
        if (isHidden) column.Remove("missing");
        if (isHidden || IsFew(present - ((long?)column["distinct"] ?? 0))) column.Remove("distinct"); // So many rows repeat a value.
        if (isTelling)
        {
            column["values_withheld"] = true;
            column.Remove("numbers");
            column.Remove("top_values");
            return;
        }

        if (column["top_values"] is JsonArray top) column["top_values"] = Guard(top, left => IsEnough(left, isHidden, missing), rows);
        if (surelyPresent < LeastRows)
            column.Remove("numbers");
        else if (column["numbers"] is JsonObject numbers)
            Guard(
                numbers, tellsValues: column["top_values"] is JsonArray { Count: > 0 },
                left => IsEnough(left, isHidden, missing), rows, surelyPresent);
    }

    /// <summary>
    /// Whether the rows that are left when some are told are none or enough, those without a value among them, and without those, too.
    /// </summary>
    private static bool IsEnough(long left, bool isHidden, long missing) => isHidden ? left >= 2 * LeastRows - 1 : !IsFew(left - missing);

    /// <summary>The values that many rows hold, the most frequent first, as long as the others are in many rows together, or there are none.</summary>
    private static JsonArray Guard(JsonArray top, Func<long, bool> isEnough, long rows)
    {
        var kept = top.OfType<JsonObject>().Where(value => (long?)value["rows"] >= LeastRows).OrderByDescending(RowsOf).ToList();
        while (kept.Count > 0 && !isEnough(rows - kept.Sum(RowsOf))) kept.RemoveAt(kept.Count - 1);
        return new JsonArray([.. kept.Select(value => value.DeepClone())]);

        static long RowsOf(JsonObject value) => (long)value["rows"]!;
    }

    /// <param name="numbers">Figures of a column.</param>
    /// <param name="tellsValues">Whether frequent values are told with their rows: by signs one could count what is left of them.</param>
    /// <param name="isEnough">Whether so many rows may be left.</param>
    /// <param name="rows">Of the table.</param>
    /// <param name="present">Rows with a value, at least.</param>
    private static void Guard(JsonObject numbers, bool tellsValues, Func<long, bool> isEnough, long rows, long present)
    {
        foreach (var name in OfExtremes) numbers.Remove(name);
        var (zeros, negative) = ((long?)numbers["zeros"] ?? 0, (long?)numbers["negative"] ?? 0);
        var tellsRest = tellsValues || !isEnough(rows - zeros - negative);
        if (tellsRest || IsFew(zeros) || !isEnough(rows - zeros)) numbers.Remove("zeros");
        if (tellsRest || IsFew(negative) || !isEnough(rows - negative)) numbers.Remove("negative");
        if (numbers["quantiles"] is not JsonArray quantiles) return;
        numbers["quantiles"] = new JsonArray(
        [
            .. quantiles.Where(q => (double?)q?["share"] is { } share && Math.Min(share, 1 - share) * present >= LeastRows).Select(q => q!.DeepClone()),
        ]);
    }

    /// <summary>Whether a count is of some rows and few, or of all but a few of a whole.</summary>
    private static bool IsFew(long count, long? whole = null) => count is > 0 and < LeastRows || (whole - count) is > 0 and < LeastRows;
}

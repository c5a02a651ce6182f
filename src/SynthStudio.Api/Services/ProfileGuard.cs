using System.Text.Json;
using System.Text.Json.Nodes;

namespace SynthStudio.Api.Services;

/// <summary>
/// What of a profile is for those whom the data policy does not name: nothing that few rows, or a single one, tell. Left out are values that fewer than
/// <see cref="LeastRows"/> rows hold, counts below it, what the least and the greatest value say (they, quantiles with fewer rows beyond them, histograms,
/// whose equal bins give them away, and lengths), and all values of columns that name persons, may tell them apart, or are sensitive.
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
        foreach (var column in (profile["columns"] as JsonArray ?? []).OfType<JsonObject>())
        {
            column.Remove("lengths");
            if (telling.Contains((string?)column["name"] ?? ""))
            {
                column["values_withheld"] = true;
                column.Remove("numbers");
                column.Remove("top_values");
                continue;
            }

            if (column["top_values"] is JsonArray top)
                column["top_values"] = new JsonArray([.. top.Where(value => (long?)value?["rows"] >= LeastRows).Select(value => value!.DeepClone())]);
            var present = rows - ((long?)column["missing"] ?? 0);
            if (present < LeastRows) column.Remove("numbers");
            else if (column["numbers"] is JsonObject numbers) Guard(numbers, present);
        }

        return profile.ToJsonString();
    }

    private static void Guard(JsonObject numbers, long present)
    {
        foreach (var name in OfExtremes) numbers.Remove(name);
        foreach (var count in (string[])["zeros", "negative"])
        {
            if ((long?)numbers[count] is > 0 and < LeastRows) numbers.Remove(count);
        }

        if (numbers["quantiles"] is not JsonArray quantiles) return;
        numbers["quantiles"] = new JsonArray(
        [
            .. quantiles.Where(q => (double?)q?["share"] is { } share && Math.Min(share, 1 - share) * present >= LeastRows).Select(q => q!.DeepClone()),
        ]);
    }
}

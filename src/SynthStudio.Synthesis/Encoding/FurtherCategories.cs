using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Cells;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Categories that enough rows share to be shown, of a column that has too many of them for cells of their own. They share one cell and
/// come out in their shares of it.
/// </summary>
/// <param name="categories">The most frequent first, at least one.</param>
/// <param name="counts">Training rows of each.</param>
[method: JsonConstructor]
public sealed class FurtherCategories(string[] categories, long[] counts)
{
    private readonly CumulativeWeights weights = new(Array.ConvertAll(counts, count => (double)count));

    public string[] Categories { get; } = categories;

    public long[] Counts { get; } = counts;

    /// <summary>Training rows of all.</summary>
    [JsonIgnore]
    public double Rows => weights.Total;

    /// <summary>The category of a row, 0 .. <see cref="Rows"/>, where rows are in the order of their categories.</summary>
    public string At(double row) => Categories[weights.At(row / Rows)];

    /// <summary>Those that are asked for; null when one of them is none of these.</summary>
    public FurtherCategories? Only(IReadOnlyList<string> wanted)
    {
        var asked = wanted.ToHashSet(StringComparer.Ordinal);
        int[] places = [.. Enumerable.Range(0, Categories.Length).Where(place => asked.Contains(Categories[place]))];
        return places.Length < asked.Count
            ? null
            : new FurtherCategories(Array.ConvertAll(places, place => Categories[place]), Array.ConvertAll(places, place => Counts[place]));
    }
}

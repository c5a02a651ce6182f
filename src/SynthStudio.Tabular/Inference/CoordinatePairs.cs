namespace SynthStudio.Tabular;

/// <summary>Columns that together are points on the earth, in degrees, told by their names.</summary>
public static class CoordinatePairs
{
    private static readonly string[] Latitude = ["latitude", "lat"], Longitude = ["longitude", "lng", "lon", "long"];

    /// <summary>
    /// Pairs of numeric columns whose names differ only in a word for latitude and one for longitude: <c>lat</c> and <c>lon</c>,
    /// <c>pickup_latitude</c> and <c>pickup_longitude</c>.
    /// </summary>
    public static IEnumerable<(string Latitude, string Longitude)> Find(TableSchema schema)
    {
        var numbers = schema.Columns.Where(c => c.Kind is ColumnKind.Decimal or ColumnKind.Integer).Select(c => (c.Name, Words: NameWords.Of(c.Name))).ToList();
        foreach (var (name, words) in numbers)
        {
            var rest = Rest(words, Latitude);
            var partners = rest is null ? [] : numbers.FindAll(other => Rest(other.Words, Longitude) is { } same && same.SequenceEqual(rest));
            if (partners is [var only])
            {
                yield return (name, only.Name);
            }
        }
    }

    /// <summary>The words beside the one asked for, with their places; null when it is not there exactly once.</summary>
    private static List<(int, string)>? Rest(IReadOnlyList<string> words, string[] asked)
    {
        var rest = words.Index().Where(word => !asked.Contains(word.Item)).ToList();
        return rest.Count == words.Count - 1 ? rest : null;
    }
}

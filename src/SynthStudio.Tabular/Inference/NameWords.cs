namespace SynthStudio.Tabular;

/// <summary>The words in a column's name: <c>customerID</c>, <c>customer_id</c> and <c>Customer Id</c> are customer and id.</summary>
internal static class NameWords
{
    private static readonly HashSet<string> KeyWords =
        new(StringComparer.Ordinal) { "id", "ids", "key", "uuid", "guid", "pk", "identifier", "oid", "rowid", "index", "hash" };

    /// <summary>The words, in lower case.</summary>
    public static IReadOnlyList<string> Of(string name)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            var end = i == name.Length || !char.IsLetterOrDigit(name[i]);
            var hump = !end && i > start && char.IsUpper(name[i])
                && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (end || hump)
            {
                if (i > start)
                {
                    words.Add(name[start..i].ToLowerInvariant());
                }

                start = end ? i + 1 : i;
            }
        }

        return words;
    }

    private static readonly HashSet<string> DurationWords = new(StringComparer.Ordinal) { "duration", "elapsed", "runtime", "timespan", "timedelta" };

    /// <summary>Whether the name says that the column holds lengths of time.</summary>
    public static bool SayDuration(string name) => Of(name).Any(DurationWords.Contains);

    /// <summary>Whether the name says that the column is a key.</summary>
    public static bool SayKey(string name) => Of(name).Any(KeyWords.Contains);
}

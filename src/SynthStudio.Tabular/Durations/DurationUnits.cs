using System.Buffers;

namespace SynthStudio.Tabular;

/// <summary>Units that a duration may be counted in, by the words for one and for several.</summary>
internal static class DurationUnits
{
    /// <summary>What numbers are written with.</summary>
    public static readonly SearchValues<byte> OfNumbers = SearchValues.Create("-.0123456789"u8);

    private static readonly (string One, string Several, double Seconds)[] Known =
    [
        ("s", "s", 1), ("sec", "sec", 1), ("sec", "secs", 1), ("second", "seconds", 1),
        ("min", "min", 60), ("min", "mins", 60), ("minute", "minutes", 60),
        ("h", "h", 3_600), ("hr", "hr", 3_600), ("hr", "hrs", 3_600), ("hour", "hours", 3_600),
        ("d", "d", 86_400), ("day", "days", 86_400), ("week", "weeks", 604_800),
    ];

    /// <summary>Units whose words mean nothing else: m may be metres, s and d a code.</summary>
    private static readonly HashSet<string> Clear =
        new(StringComparer.Ordinal) { "sec", "secs", "seconds", "min", "mins", "minutes", "h", "hr", "hrs", "hours", "days", "weeks" };

    /// <summary>The unit whose word for several is <paramref name="several"/>.</summary>
    public static bool TryGet(string several, out string one, out double seconds)
    {
        var found = Array.FindIndex(Known, unit => unit.Several == several);
        (one, seconds) = found < 0 ? ("", 0) : (Known[found].One, Known[found].Seconds);
        return found >= 0;
    }

    /// <summary>The words for several that go with a word, which may itself mean one; empty when it is no clear unit.</summary>
    public static IEnumerable<string> SeveralOf(string word) =>
        Known.Where(unit => (unit.One == word || unit.Several == word) && Clear.Contains(unit.Several)).Select(unit => unit.Several);
}

using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Which spelling of durations fits every text seen so far, or every text but a few odd words.</summary>
internal sealed class DurationEvidence(IReadOnlyList<ISpelling> known)
{
    private const int LongestText = 40;

    private readonly OddTexts odd = new();
    private IReadOnlyList<ISpelling>? fitting;
    private List<string>? units;
    private int leastPlaces = int.MaxValue, mostPlaces;
    private bool spaced;

    /// <summary>Whether some spelling fits all texts but a few odd words, so far as any was seen.</summary>
    public bool Possible => (fitting is not { Count: 0 } || units is not { Count: 0 }) && odd.AreFew;

    /// <summary>The likeliest spelling that fits every text; null when none does.</summary>
    public ISpelling? Format => odd.None ? Likeliest : null;

    /// <summary>
    /// The likeliest spelling that fits every text but some odd words, which are no durations at all, and the rows that hold one of those; null
    /// when all texts fit, when there are many distinct odd ones, and when the durations are spelled in several ways.
    /// </summary>
    public (ISpelling Format, long OddRows)? Usual =>
        odd is { None: false, AreFew: true } && Likeliest is { } likeliest ? (likeliest, odd.Rows) : null;

    private ISpelling? Likeliest => fitting is { Count: > 0 } ? fitting[0]
        : units is { Count: > 0 } && DurationFormats.TryParse(UnitPattern(units[0]), out var format) ? format
        : null;

    /// <summary>Counts a text in that occurs in <paramref name="rows"/> rows.</summary>
    public void Add(ReadOnlySpan<byte> text, long rows)
    {
        var isFirst = fitting is null;
        var reading = Reading(text, fitting ?? known);
        var counted = isFirst || reading.Count == 0 || units is { Count: > 0 } ? Counted.In(text) : null;
        if (reading.Count == 0 && counted is null && (isFirst || Reading(text, known).Count == 0))
        {
            odd.Add(rows);
            return;
        }

        fitting = reading;
        if (isFirst || units is { Count: > 0 }) AddUnit(counted, isFirst);
    }

    private void AddUnit(Counted? counted, bool isFirst)
    {
        if (counted is null || (!isFirst && spaced != counted.HasSpace))
        {
            units = [];
            return;
        }

        units = isFirst ? counted.Units : [.. units!.Intersect(counted.Units)];
        spaced = counted.HasSpace;
        leastPlaces = Math.Min(leastPlaces, counted.Places);
        mostPlaces = Math.Max(mostPlaces, counted.Places);
    }

    private string UnitPattern(string unit)
    {
        var number = NumberFormat.Of(Math.Min(leastPlaces, mostPlaces), mostPlaces) ?? (mostPlaces > 0 ? "0." + new string('#', mostPlaces) : "0");
        return number + (spaced ? " " : "") + unit;
    }

    /// <summary>The spellings among some that read a text; the list itself when all do.</summary>
    private static IReadOnlyList<ISpelling> Reading(ReadOnlySpan<byte> text, IReadOnlyList<ISpelling> some)
    {
        if (text.Length > LongestText) return [];
        var those = new List<ISpelling>(some.Count);
        foreach (var spelling in some)
        {
            if (spelling.TryRead(text, out _)) those.Add(spelling);
        }

        return those.Count == some.Count ? some : those;
    }

    /// <summary>A number and a unit.</summary>
    /// <param name="Places">Digits behind the number's point.</param>
    /// <param name="HasSpace">Whether a space stands between.</param>
    /// <param name="Units">The words for several that it may be counted in, at least one.</param>
    private sealed record Counted(int Places, bool HasSpace, List<string> Units)
    {
        /// <summary>What a text counts; null when it is no number with a clear unit.</summary>
        public static Counted? In(ReadOnlySpan<byte> text)
        {
            var digits = text.Length > LongestText ? -1 : text.IndexOfAnyExcept(DurationUnits.OfNumbers);
            if (digits <= 0) return null;
            var number = NumberText.Read(text[..digits]);
            if (number.Shape != NumberShape.Plain) return null;
            var word = Encoding.UTF8.GetString(text[digits..]);
            var hasSpace = word.StartsWith(' ');
            // One of something may have a word of its own.
            var units = DurationUnits.SeveralOf(hasSpace ? word[1..] : word)
                .Where(several => number.Value == 1 || word.EndsWith(several, StringComparison.Ordinal)).ToList();
            return units.Count > 0 ? new Counted(number.Places, hasSpace, units) : null;
        }
    }
}

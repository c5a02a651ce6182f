using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Which spelling of durations fits every text seen so far.</summary>
internal sealed class DurationEvidence(IReadOnlyList<ISpelling> known)
{
    private const int LongestText = 40;

    private List<ISpelling>? fitting;
    private List<string>? units;
    private int leastPlaces = int.MaxValue, mostPlaces;
    private bool spaced;

    /// <summary>Whether some spelling fits all texts, so far as any was seen.</summary>
    public bool Possible => fitting is not { Count: 0 } || units is not { Count: 0 };

    /// <summary>The likeliest spelling that fits every text; null when none does.</summary>
    public ISpelling? Format => fitting is { Count: > 0 } ? fitting[0]
        : units is { Count: > 0 } && DurationFormats.TryParse(UnitPattern(units[0]), out var format) ? format
        : null;

    /// <summary>Counts a text in.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        var first = fitting is null;
        fitting ??= [.. known];
        for (var i = fitting.Count - 1; i >= 0; i--)
        {
            if (text.Length > LongestText || !fitting[i].TryRead(text, out _))
            {
                fitting.RemoveAt(i);
            }
        }

        if (first || units is { Count: > 0 })
        {
            AddUnit(text, first);
        }
    }

    private void AddUnit(ReadOnlySpan<byte> text, bool first)
    {
        var digits = text.Length > LongestText ? -1 : text.IndexOfAnyExcept(DurationUnits.OfNumbers);
        var number = digits > 0 ? NumberText.Read(text[..digits]) : default;
        var word = digits > 0 && number.Shape == NumberShape.Plain ? Encoding.UTF8.GetString(text[digits..]) : "";
        var hasSpace = word.StartsWith(' ');
        // One of something may have a word of its own.
        var named = DurationUnits.SeveralOf(hasSpace ? word[1..] : word).Where(several => number.Value == 1 || word.EndsWith(several, StringComparison.Ordinal)).ToList();
        units = first ? named : spaced == hasSpace ? [.. units!.Intersect(named)] : [];
        spaced = hasSpace;
        leastPlaces = Math.Min(leastPlaces, number.Places);
        mostPlaces = Math.Max(mostPlaces, number.Places);
    }

    private string UnitPattern(string unit) => (NumberFormat.Of(Math.Min(leastPlaces, mostPlaces), mostPlaces) ?? (mostPlaces > 0 ? "0." + new string('#', mostPlaces) : "0")) + (spaced ? " " : "") + unit;
}

namespace SynthStudio.Tabular;

/// <summary>Which date and time formats fit every text seen so far, and which one fits most where none fits all.</summary>
internal sealed class MomentEvidence(IReadOnlyList<MomentFormat> known)
{
    /// <summary>So many texts that no format knows are forgiven before one that some format knows; then the column is none of moments.</summary>
    private const int MostStarts = 5;

    /// <summary>So few of the rows are slips.</summary>
    private const double MostSpoiled = 0.05;

    private IReadOnlyList<MomentFormat>? fitting;
    private IReadOnlyList<MomentFormat> usual = [];
    private int starts;
    private long rows, spoiled;

    /// <summary>The offset that all texts end with; empty when they do not agree.</summary>
    private string? offset;

    /// <summary>Texts seen.</summary>
    public bool Any => fitting is not null;

    /// <summary>Whether some format fits all texts, so far as any was seen.</summary>
    public bool Possible => fitting is not { Count: 0 };

    /// <summary>How many formats fit every text.</summary>
    public int Fitting => fitting?.Count ?? 0;

    /// <summary>The likeliest format that fits every text; null when none does.</summary>
    public MomentFormat? Format => fitting is { Count: > 0 } ? fitting[0] : null;

    /// <summary>
    /// The likeliest format of a column in which some texts fit none, as long as those are few: 1987-13-45 among a thousand dates; null when all fit, and
    /// when many do not. With it, the rows that do not.
    /// </summary>
    public (MomentFormat Format, long Spoiled)? Usual =>
        fitting is { Count: 0 } && usual.Count > 0 && spoiled <= MostSpoiled * rows ? (usual[0], spoiled) : null;

    /// <summary>
    /// The format's pattern; where every text has the same offset from UTC, that offset is part of the pattern as it stands, and the values
    /// are local times. Texts of several offsets are moments in UTC, each with its own beside it (<see cref="NumericColumn.Offsets"/>).
    /// </summary>
    public string? Pattern => Format is not { } format || offset is not { Length: > 0 } || IsUtc(offset) ? Format?.Pattern
        : format.Pattern.EndsWith("zzz", StringComparison.Ordinal) ? $"{format.Pattern[..^3]}'{offset}'"
        : format.Pattern.EndsWith("zz", StringComparison.Ordinal) ? $"{format.Pattern[..^2]}'{offset}'"
        : format.Pattern;

    /// <summary>Counts a text in that occurs in <paramref name="count"/> rows.</summary>
    public void Add(ReadOnlySpan<byte> text, long count)
    {
        rows += count;
        if (!Possible)
        {
            AddToUsual(text, count);
            return;
        }

        if (!Fits(text)) spoiled = count;
    }

    /// <summary>Texts that were not seen here are no slips, but many.</summary>
    public void Distrust() => (usual, starts) = ([], MostStarts);

    private void AddToUsual(ReadOnlySpan<byte> text, long count)
    {
        if (Reading(text, usual) is { Count: > 0 } still)
        {
            usual = still;
            return;
        }

        // The slip may have come first.
        spoiled += count;
        if (2 * spoiled <= rows || starts == MostStarts) return;
        starts++;
        if (Reading(text, known) is { Count: > 0 } others) (usual, spoiled) = (others, rows - count);
    }

    /// <summary>Narrows down what fits all texts; false when nothing does any more.</summary>
    private bool Fits(ReadOnlySpan<byte> text)
    {
        var sign = text.LastIndexOfAny((byte)'+', (byte)'-');
        var own = sign > 8 ? text[sign..] : [];
        if (offset is null)
        {
            offset = own.Length <= 6 ? System.Text.Encoding.ASCII.GetString(own) : "";
        }
        else if (offset.Length != own.Length || !System.Text.Ascii.Equals(own, offset))
        {
            offset = "";
        }

        var before = fitting;
        fitting = Reading(text, before ?? known);
        if (fitting.Count > 0) return true;

        usual = before ?? [];
        return false;
    }

    /// <summary>The formats among some that read a text; the list itself when all do.</summary>
    private static IReadOnlyList<MomentFormat> Reading(ReadOnlySpan<byte> text, IReadOnlyList<MomentFormat> some)
    {
        if (!LooksLikeMoment(text)) return [];
        var reading = 0;
        foreach (var format in some) reading += format.TryRead(text, out _) ? 1 : 0;
        if (reading == some.Count) return some;
        var those = new List<MomentFormat>(reading);
        foreach (var format in some)
        {
            if (reading > 0 && format.TryRead(text, out _)) those.Add(format);
        }

        return those;
    }

    private static bool IsUtc(string offset) =>
        !offset.AsSpan().ContainsAnyInRange('1', '9') && (offset.Length == 3 || offset.Contains(':', StringComparison.Ordinal));

    private static bool LooksLikeMoment(ReadOnlySpan<byte> text) =>
        text.Length is >= 4 and <= 48 && text.ContainsAnyInRange((byte)'0', (byte)'9');
}

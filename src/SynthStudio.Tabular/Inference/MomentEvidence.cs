namespace SynthStudio.Tabular;

/// <summary>Which date and time formats fit every text seen so far.</summary>
internal sealed class MomentEvidence(IReadOnlyList<MomentFormat> known)
{
    private List<MomentFormat>? fitting;

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
    /// The format's pattern; where every text has the same offset from UTC, that offset is part of the pattern as it stands, and the values
    /// are local times. Texts of several offsets are moments in UTC.
    /// </summary>
    public string? Pattern => Format is not { } format || offset is not { Length: > 0 } || IsUtc(offset) ? Format?.Pattern
        : format.Pattern.EndsWith("zzz", StringComparison.Ordinal) ? $"{format.Pattern[..^3]}'{offset}'"
        : format.Pattern.EndsWith("zz", StringComparison.Ordinal) ? $"{format.Pattern[..^2]}'{offset}'"
        : format.Pattern;

    /// <summary>Counts a text in; true when some format still fits all.</summary>
    public bool Add(ReadOnlySpan<byte> text)
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

        if (fitting is null)
        {
            fitting = [];
            if (LooksLikeMoment(text))
            {
                foreach (var format in known)
                {
                    if (format.TryRead(text, out _))
                    {
                        fitting.Add(format);
                    }
                }
            }

            return fitting.Count > 0;
        }

        for (var i = fitting.Count - 1; i >= 0; i--)
        {
            if (!fitting[i].TryRead(text, out _))
            {
                fitting.RemoveAt(i);
            }
        }

        return fitting.Count > 0;
    }

    private static bool IsUtc(string offset) => !offset.AsSpan().ContainsAnyInRange('1', '9') && (offset.Length == 3 || offset.Contains(':', StringComparison.Ordinal));

    private static bool LooksLikeMoment(ReadOnlySpan<byte> text) =>
        text.Length is >= 4 and <= 48 && text.ContainsAnyInRange((byte)'0', (byte)'9');
}

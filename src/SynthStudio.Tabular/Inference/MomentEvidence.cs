namespace SynthStudio.Tabular;

/// <summary>Which date and time formats fit every text seen so far.</summary>
internal sealed class MomentEvidence(IReadOnlyList<MomentFormat> known)
{
    private List<MomentFormat>? fitting;

    /// <summary>Texts seen.</summary>
    public bool Any => fitting is not null;

    /// <summary>Whether some format fits all texts, so far as any was seen.</summary>
    public bool Possible => fitting is not { Count: 0 };

    /// <summary>The likeliest format that fits every text; null when none does.</summary>
    public MomentFormat? Format => fitting is { Count: > 0 } ? fitting[0] : null;

    /// <summary>Counts a text in; true when some format still fits all.</summary>
    public bool Add(ReadOnlySpan<byte> text)
    {
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

    private static bool LooksLikeMoment(ReadOnlySpan<byte> text) =>
        text.Length is >= 4 and <= 48 && text.ContainsAnyInRange((byte)'0', (byte)'9');
}

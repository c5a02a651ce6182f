using System.Text;

namespace SynthStudio.Api.Errors;

/// <summary>
/// Keeps what errors repeat of a caller's own words short and harmless. Errors travel in headers, where proxies and clients allow some kilobytes in all:
/// one that is longer breaks the connection, and every other call on it. Control characters would steer the terminal that shows them.
/// </summary>
internal static class ErrorText
{
    private const char Replacement = '\ufffd';

    /// <summary>
    /// The text with at most <paramref name="most"/> characters as a header carries it: those beyond printable ASCII count as
    /// the three to twelve that they become.
    /// </summary>
    public static string Bounded(string text, int most)
    {
        var cost = 0;
        for (var i = 0; i < text.Length; i++)
        {
            cost += text[i] is >= ' ' and <= '~' ? 1 : text[i] < 0x80 ? 3 : text[i] < 0x800 || char.IsSurrogate(text[i]) ? 6 : 9;
            if (cost > most) return Clean(text[..(char.IsLowSurrogate(text[i]) ? i - 1 : i)]) + "…";
        }

        return Clean(text);
    }

    private static string Clean(string text)
    {
        if (!text.Any(IsHarmful)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text) clean.Append(IsHarmful(c) ? Replacement : c);
        return clean.ToString();
    }

    /// <summary>Control characters, and those that turn the direction of what follows.</summary>
    public static bool IsHarmful(char c) => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}

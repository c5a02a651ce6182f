using System.Globalization;
using System.Text;

namespace SynthStudio.Hosting;

/// <summary>
/// Control characters, and those that turn the direction of what follows: in what others named they would
/// make lines of their own, or steer who reads them.
/// </summary>
public static class ControlCharacters
{
    /// <summary>Whether a text has none of them.</summary>
    public static bool AreNoneIn(string text) => !text.Any(IsOne);

    /// <summary>The text with each of them as an escape, <c>\u001b</c>.</summary>
    public static string Escape(string text)
    {
        if (AreNoneIn(text)) return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (IsOne(c)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static bool IsOne(char c) => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}

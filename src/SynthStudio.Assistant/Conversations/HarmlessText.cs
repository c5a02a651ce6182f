using System.Globalization;
using System.Text;

namespace SynthStudio.Assistant.Conversations;

/// <summary>Takes out of a model's words what would steer the terminal or turn the text around that shows them, and what nobody sees.</summary>
internal static class HarmlessText
{
    private const char Replacement = '\ufffd';

    public static string Clean(string text) => text.Any(IsHarmful) ? string.Concat(text.Select(c => IsHarmful(c) ? Replacement : c)) : text;

    /// <summary>The text as it is read: a sign that is not seen, within a word or a number, would hide it from a check.</summary>
    public static string Visible(string text) => string.Concat(text.EnumerateRunes().Where(sign => !IsInvisible(sign)).Select(sign => sign.ToString()));

    /// <summary>Format characters, the combining grapheme joiner, and variation selectors.</summary>
    private static bool IsInvisible(Rune sign) =>
        Rune.GetUnicodeCategory(sign) == UnicodeCategory.Format || sign.Value is 0x034F or (>= 0xFE00 and <= 0xFE0F);

    private static bool IsHarmful(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}

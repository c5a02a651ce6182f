namespace SynthStudio.Assistant.Conversations;

/// <summary>Takes out of a model's words what would steer the terminal or turn the text around that shows them.</summary>
internal static class HarmlessText
{
    private const char Replacement = '\ufffd';

    public static string Clean(string text) => text.Any(IsHarmful) ? string.Concat(text.Select(c => IsHarmful(c) ? Replacement : c)) : text;

    private static bool IsHarmful(char c) => (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}

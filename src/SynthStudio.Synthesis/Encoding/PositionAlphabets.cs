namespace SynthStudio.Synthesis.Encoding;

/// <summary>Which characters stand at each position of texts of equal length.</summary>
internal static class PositionAlphabets
{
    public const string Digits = "0123456789", Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Lower = "abcdefghijklmnopqrstuvwxyz";

    /// <summary>
    /// By position, in order: the characters seen, when enough texts have each of them; else the class they belong to (digits, hexadecimal
    /// digits, letters), so that no rare character is given away. Numbers that never begin with 0 never will.
    /// </summary>
    /// <param name="texts">Distinct, of one length, at least one.</param>
    /// <param name="threshold">So many texts must share a character for it to be kept as such.</param>
    public static string[] Of(IReadOnlyList<string> texts, int threshold)
    {
        var alphabets = new string[texts[0].Length];
        for (var position = 0; position < alphabets.Length; position++)
        {
            var seen = new SortedDictionary<char, int>();
            foreach (var text in texts) seen[text[position]] = seen.GetValueOrDefault(text[position]) + 1;
            alphabets[position] = seen.Values.All(count => count >= threshold) ? string.Concat(seen.Keys) : Class(seen.Keys, position);
        }

        return alphabets;
    }

    private static string Class(SortedDictionary<char, int>.KeyCollection seen, int position)
    {
        bool digits = seen.Any(char.IsAsciiDigit), lower = seen.Any(char.IsAsciiLetterLower), upper = seen.Any(char.IsAsciiLetterUpper);
        if (digits && lower && seen.All(char.IsAsciiHexDigitLower)) return Digits + "abcdef";
        if (digits && upper && seen.All(char.IsAsciiHexDigitUpper)) return Digits + "ABCDEF";
        var ownDigits = !digits && (lower || upper) ? "" : position == 0 && !seen.Contains('0') ? Digits[1..] : Digits;
        return ownDigits + (lower ? Lower : "") + (upper ? Upper : "");
    }
}

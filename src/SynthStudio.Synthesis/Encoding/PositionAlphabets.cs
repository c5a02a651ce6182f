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
    /// <param name="wide">Whether only a character that all texts share is kept, and all others become their class.</param>
    public static string[] Of(IReadOnlyList<string> texts, int threshold, bool wide = false)
    {
        var alphabets = new string[texts[0].Length];
        var counts = new int[char.MaxValue + 1];
        for (var position = 0; position < alphabets.Length; position++)
        {
            var seen = new SortedSet<char>();
            foreach (var text in texts)
            {
                if (counts[text[position]]++ == 0) seen.Add(text[position]);
            }

            var exact = (!wide || seen.Count == 1) && seen.All(c => counts[c] >= threshold);
            alphabets[position] = exact ? string.Concat(seen) : Class(seen, position);
            foreach (var c in seen) counts[c] = 0;
        }

        return alphabets;
    }

    /// <summary>How many texts the alphabets can spell.</summary>
    public static double Capacity(IEnumerable<string> alphabets) => alphabets.Aggregate(1.0, (product, alphabet) => product * alphabet.Length);

    private static string Class(SortedSet<char> seen, int position)
    {
        bool digits = seen.Any(char.IsAsciiDigit), lower = seen.Any(char.IsAsciiLetterLower), upper = seen.Any(char.IsAsciiLetterUpper);
        if (digits && lower && seen.All(char.IsAsciiHexDigitLower)) return Digits + "abcdef";
        if (digits && upper && seen.All(char.IsAsciiHexDigitUpper)) return Digits + "ABCDEF";
        var ownDigits = !digits && (lower || upper) ? "" : position == 0 && !seen.Contains('0') ? Digits[1..] : Digits;
        return ownDigits + (lower ? Lower : "") + (upper ? Upper : "");
    }
}

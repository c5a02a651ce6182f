using System.Globalization;
using System.Text;

namespace SynthStudio.Assistant.Facts;

/// <summary>
/// Reads a text as people do: what looks like a Latin letter is one, so that a word that only looks like another passes no check for that. The tables hold
/// what whole words can be made of (full width, mathematical letters, letters in circles and squares, letters with marks, doubles in Cyrillic and Greek: a
/// small part of the confusables of Unicode's UTS 39); words with letters of any other kind are found by <see cref="FindForeign"/>.
/// </summary>
internal static class ReadAlike
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Lower = "abcdefghijklmnopqrstuvwxyz";

    private const string Latin = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĲĳĴĵĶķĸĹĺĻļĽľĿŀŁłŃńŅņŇňŉŊŋŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžſƠơƯưǍǎǏǐǑǒǓǔȘșȚț";
    private const string LatinAs = "AAAAAAACEEEEIIIIDNOOOOOOUUUUYPsaaaaaaaceeeeiiiidnoooooouuuuypyAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzsOoUuAaIiOoUuSsTt";
    private const string Cyrillic = "АВЕЁЅІЇЈКМНОРСТУХҮҺԀԌԚԜӀавеёѕіїјкмнопрстухүһԁԛԝӏѵгьҒғ";
    private const string CyrillicAs = "ABEESIIJKMHOPCTYXYHDGQWIabeesiijkmhonpctyxyhdqwlvrbFf";
    private const string Greek = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεηικμνορτυχω";
    private const string GreekAs = "ABEZHIKMNOPTYXabyenikuvoptuxw";

    /// <summary>Base letters of U+1E00 to U+1EFF, those of Vietnamese among them.</summary>
    private const string LatinAdditional =
        "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
        + "WwWwWwWwWwXxXxYyZzZzZzhtwyasssSdAaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYyLlVvYy";

    private static readonly Dictionary<int, char> Doubles =
        new[] { (Latin, LatinAs), (Cyrillic, CyrillicAs), (Greek, GreekAs) }
            .SelectMany(table => table.Item1.Zip(table.Item2))
            .ToDictionary(pair => (int)pair.First, pair => pair.Second);

    /// <summary>
    /// Alphabets in other shapes, some several times: full width, mathematical, in brackets, circles and squares, of flags.
    /// </summary>
    private static readonly (int First, int Last, string Signs)[] Alphabets =
    [
        (0x1E00, 0x1EFF, LatinAdditional),
        (0xFF01, 0xFF5E, string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(sign => (char)sign))),
        (0x1D400, 0x1D6A3, Upper + Lower),
        (0x249C, 0x24B5, Lower),
        (0x24B6, 0x24E9, Upper + Lower),
        (0x1F110, 0x1F129, Upper),
        (0x1F130, 0x1F149, Upper),
        (0x1F150, 0x1F169, Upper),
        (0x1F170, 0x1F189, Upper),
        (0x1F1E6, 0x1F1FF, Upper),
    ];

    /// <summary>Scripts with doubles: a word that is written in one of them, with a letter that has none, is a word of its language.</summary>
    private static readonly (int First, int Last)[] OtherScripts = [(0x0370, 0x03FF), (0x0400, 0x052F)];

    /// <summary>
    /// The text with Latin letters for what looks like them, and without marks above, through and around
    /// letters. Words of other languages stay as they are.
    /// </summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var folded = new StringBuilder(text.Length);
        var word = new List<Rune>();
        foreach (var sign in text.EnumerateRunes())
        {
            if (Rune.IsLetter(sign))
            {
                word.Add(sign);
                continue;
            }

            if (Rune.GetUnicodeCategory(sign) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) continue;
            AppendTo(folded, word);
            folded.Append(Read(sign).ToString());
        }

        AppendTo(folded, word);
        return folded.ToString();
    }

    /// <summary>
    /// A word with letters that are not read as Latin ones, and that no source has; null when there is none.
    /// Single letters, as formulas have them, are none.
    /// </summary>
    public static string? FindForeign(string text, IEnumerable<string> sources)
    {
        var found = Words(Fold(text)).Where(word => word.EnumerateRunes().Any(IsForeign) && word.EnumerateRunes().Skip(1).Any()).ToList();
        if (found.Count == 0) return null;
        var known = sources.SelectMany(source => Words(Fold(source))).ToHashSet(StringComparer.OrdinalIgnoreCase); // A name may begin a sentence.
        return found.Find(word => !known.Contains(word));
    }

    /// <summary>Whether a word has a known one's letters, but for some that are foreign and stand in for others.</summary>
    public static bool IsDisguised(string word, string known)
    {
        var signs = word.EnumerateRunes().ToList();
        return signs.Count == known.Length && signs.Exists(StandsIn) && !signs.TrueForAll(StandsIn)
            && signs.Zip(known).All(pair => StandsIn(pair.First) || (pair.First.IsAscii && char.ToLowerInvariant((char)pair.First.Value) == pair.Second));
    }

    /// <summary>Runs of letters, digits and marks.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var sign in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(sign) || IsForeign(sign)
                || Rune.GetUnicodeCategory(sign) is UnicodeCategory.SpacingCombiningMark or UnicodeCategory.OtherNumber)
            {
                word.Append(sign.ToString());
                continue;
            }

            if (word.Length > 0) yield return word.ToString();
            word.Clear();
        }

        if (word.Length > 0) yield return word.ToString();
    }

    private static void AppendTo(StringBuilder folded, List<Rune> word)
    {
        if (word.Count == 0) return;
        var isOther = Array.Exists(OtherScripts, script => word.TrueForAll(letter => letter.Value >= script.First && letter.Value <= script.Last))
            && word.Exists(letter => FindDouble(letter.Value) is null);
        foreach (var letter in word) folded.Append((isOther ? letter : Read(letter)).ToString());
        word.Clear();
    }

    private static Rune Read(Rune sign) => !sign.IsAscii && FindDouble(sign.Value) is { } letter ? new Rune(letter) : sign;

    private static char? FindDouble(int sign)
    {
        if (Doubles.TryGetValue(sign, out var letter)) return letter;
        foreach (var (first, last, signs) in Alphabets)
        {
            if (sign >= first && sign <= last) return signs[(sign - first) % signs.Length];
        }

        return null;
    }

    /// <summary>A letter, or Roman numeral, that is none of ASCII.</summary>
    private static bool IsForeign(Rune sign) =>
        !sign.IsAscii && (Rune.IsLetter(sign) || Rune.GetUnicodeCategory(sign) == UnicodeCategory.LetterNumber);

    /// <summary>
    /// A foreign letter that may pass for another one. Ideographs and syllables of East Asia look like
    /// none: beside a letter (a t-test) they are words.
    /// </summary>
    private static bool StandsIn(Rune sign) =>
        IsForeign(sign) && sign.Value is not ((>= 0x3040 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF));
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SynthStudio.Assistant.Conversations;

namespace SynthStudio.Assistant.Facts;

/// <summary>
/// Finds numbers in a text that do not stand in what it rests on. A number stands there when it is written so, or when a number there
/// rounds to it at its own digits. One in percent is a hundred times what is stored, unless that is in percent itself; one that is not in
/// percent is what is stored. Words for numbers count as numbers, also in letters that only look like theirs; what several of them say
/// together (<c>twenty-one</c>, <c>1.5 million</c>), and what has digits and is no number (<c>v2</c>, a name), must be written so.
/// </summary>
public static partial class NumberCheck
{
    private const int MostDigits = 15, FarthestSign = 60;

    private const string Sign = @"(?:[%\uFF05\uFE6A\u066A]|per\s?cent(?:age|s)?\b)";

    /// <summary>What may stand within a number, a name or a date.</summary>
    private const string Marks = "_.,-+:/'\u2030\u2031";

    /// <summary>What rounding may change a number by: more would be another number.</summary>
    private const double MostRounding = 0.05;

    /// <summary>Words for numbers above one, which is too often no number.</summary>
    private static readonly Dictionary<string, double> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8, ["nine"] = 9, ["ten"] = 10, ["eleven"] = 11, ["twelve"] = 12,
        ["thirteen"] = 13, ["fourteen"] = 14, ["fifteen"] = 15, ["sixteen"] = 16, ["seventeen"] = 17, ["eighteen"] = 18, ["nineteen"] = 19, ["twenty"] = 20, ["thirty"] = 30,
        ["forty"] = 40, ["fifty"] = 50, ["sixty"] = 60, ["seventy"] = 70, ["eighty"] = 80, ["ninety"] = 90, ["hundred"] = 100, ["thousand"] = 1e3, ["million"] = 1e6,
        ["billion"] = 1e9, ["dozen"] = 12, ["half"] = 0.5, ["twice"] = 2, ["double"] = 2, ["third"] = 1.0 / 3, ["quarter"] = 0.25, ["zero"] = 0, ["hundreds"] = 100,
        ["thousands"] = 1e3, ["millions"] = 1e6, ["billions"] = 1e9, ["dozens"] = 12, ["doubled"] = 2, ["triple"] = 3, ["tripled"] = 3, ["thrice"] = 3, ["quadruple"] = 4,
        ["quadrupled"] = 4, ["twofold"] = 2, ["threefold"] = 3, ["fivefold"] = 5, ["tenfold"] = 10, ["hundredfold"] = 100, ["halves"] = 0.5, ["halved"] = 0.5, ["thirds"] = 1.0 / 3,
        ["quarters"] = 0.25, ["fifth"] = 0.2, ["fifths"] = 0.2, ["sixth"] = 1.0 / 6, ["seventh"] = 1.0 / 7, ["eighth"] = 0.125, ["eighths"] = 0.125, ["ninth"] = 1.0 / 9, ["tenth"] = 0.1,
        ["tenths"] = 0.1, ["hundredth"] = 0.01, ["hundredths"] = 0.01, ["thousandth"] = 1e-3, ["thousandths"] = 1e-3,
    };

    private static readonly string AnyWord = $"(?:{string.Join('|', Words.Keys)})";

    /// <summary>Words for numbers within a piece, those together that say one number.</summary>
    private static readonly Regex NumberWords = new(
        $@"(?<![\p{{L}}_]){AnyWord}(?:-(?:one|{AnyWord}))*(?![\p{{L}}_])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>
    /// Blanks before a word, or a sign for a thousandth, that goes on with a number:
    /// <c>two hundred</c>, <c>twenty one</c>, <c>1.5 million</c>.
    /// </summary>
    private static readonly Regex Continuations = new(
        $@"(?<=\b{AnyWord})\s+(?=(?:one|{AnyWord})\b)|(?<=\d)\s+(?={AnyWord}\b|[\u2030\u2031])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Numbers of a text that no source has, as they are written, each once.</summary>
    public static IReadOnlyList<string> Unsupported(string text, IEnumerable<string> sources)
    {
        var known = new HashSet<(string, bool)>();
        var values = new List<(double Number, bool IsPercent)>();
        foreach (var token in sources.SelectMany(Tokens))
        {
            known.Add(Key(token));
            if (Value(token.Text) is { } value) values.Add((value.Number, token.IsPercent));
        }

        return [.. Tokens(text).Where(token => !IsSupported(token, known, values)).Select(token => token.Text + token.Sign).Distinct(StringComparer.Ordinal)];
    }

    private static bool IsSupported(Token token, HashSet<(string, bool)> known, List<(double Number, bool IsPercent)> values)
    {
        if (known.Contains(Key(token))) return true;
        if (Value(token.Text) is not { } claimed) return false;
        return values.Any(value => Rounds(
            value.IsPercent == token.IsPercent ? value.Number : token.IsPercent ? value.Number * 100 : value.Number / 100, claimed));
    }

    private static (string Text, bool IsPercent) Key(Token token) => (token.Text.ToUpperInvariant(), token.IsPercent);

    /// <summary>Whether a stored number is the claimed one at the digits that are written of it.</summary>
    private static bool Rounds(double stored, (double Number, int Decimals) claimed) =>
        Math.Abs(stored) < 1e15 && (IsNear(stored, claimed.Number)
            || (claimed is { Number: not 0, Decimals: >= 0 } && IsNear(Math.Round(stored, claimed.Decimals, MidpointRounding.AwayFromZero), claimed.Number)
                && Math.Abs(stored - claimed.Number) <= MostRounding * Math.Abs(stored)));

    private static bool IsNear(double one, double other) => Math.Abs(one - other) <= 1e-9 * Math.Max(Math.Abs(one), Math.Abs(other));

    /// <summary>The number that a token says, with its digits after the point; null when it says none.</summary>
    private static (double Number, int Decimals)? Value(string token)
    {
        if (Words.TryGetValue(token, out var word)) return (word, -1);
        var plain = token;
        if (plain is ['0', >= '0' and <= '9', ..]) return null; // The rest of a number with blanks in it (95 000), or of a name.
        if (IsGrouped(plain)) plain = plain.Replace(",", "", StringComparison.Ordinal);
        if (!double.TryParse(
            plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var isExponential = plain.Contains('e', StringComparison.OrdinalIgnoreCase);
        return (number, isExponential ? -1 : point < 0 ? 0 : Math.Min(plain.Length - point - 1, MostDigits));
    }

    /// <summary>Whether commas part thousands.</summary>
    private static bool IsGrouped(string text)
    {
        var whole = text.Split('.')[0].TrimStart('-', '+').Split(',');
        return whole.Length > 1 && whole[0].Length is >= 1 and <= 3 && whole.Skip(1).All(group => group.Length == 3 && group.All(char.IsAsciiDigit));
    }

    /// <summary>The pieces of a text that have digits of any script, or are words for numbers.</summary>
    private static IEnumerable<Token> Tokens(string source)
    {
        var text = Continuations.Replace(
            Points().Replace(Hyphens().Replace(ReadAlike.Fold(WideMarks().Replace(HarmlessText.Visible(source), "$0 ")), "-"), "."), "-");
        var piece = new StringBuilder();
        var percentUntil = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length
                && (char.IsLetterOrDigit(text[at]) || char.IsNumber(text[at]) || char.IsSurrogate(text[at])
                    || Marks.Contains(text[at], StringComparison.Ordinal)))
            {
                piece.Append(text[at]);
                continue;
            }

            if (piece.Length == 0) continue;
            var isEnded = Marks.Contains(piece[^1], StringComparison.Ordinal); // By a stop or the like, after which something else is said.
            var found = isEnded ? Match.Empty : Percent().Match(text, at, Math.Min(FarthestSign, text.Length - at));
            if (found.Groups["interval"] is { Success: true } interval) percentUntil = interval.Index + interval.Length;
            var sign = found.Success ? found.Groups["sign"].Value : at < percentUntil ? " %" : "";
            var tokens = Split(piece.ToString()).ToList();
            for (var i = 0; i < tokens.Count; i++) yield return new Token(tokens[i], i == tokens.Count - 1 ? sign : "");
            piece.Clear();
        }
    }

    private static IEnumerable<string> Split(string piece)
    {
        var trimmed = piece.Trim('.', ',', ':', '/', '\'', '_', '+').TrimEnd('-');
        if (HasNumber(trimmed)) return [trimmed];
        var found = NumberWords.Matches(trimmed).Select(words => words.Value);
        return Ascii.IsValid(trimmed)
            ? found
            : found.Concat(ReadAlike.Words(trimmed).Where(word => Words.Keys.Any(known => ReadAlike.IsDisguised(word, known))));
    }

    /// <summary>Digits of any script, fractions, numerals in circles: also those beyond the basic plane.</summary>
    private static bool HasNumber(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (CharUnicodeInfo.GetNumericValue(text, i) >= 0) return true;
        }

        return false;
    }

    /// <summary>
    /// Wide commas and colons that are not within a number: in their scripts no blank stands
    /// behind them, and what follows is something else.
    /// </summary>
    [GeneratedRegex(@"(?<!\d)[\uFF0C\uFF1A]|[\uFF0C\uFF1A](?!\d)")]
    private static partial Regex WideMarks();

    /// <summary>What is read as a hyphen within words, or as the sign of a number.</summary>
    [GeneratedRegex(@"(?<=\p{L})[\u2010\u2011](?=\p{L})|(?<=^|[\s(\[=<>:~\u2248])[\u2010-\u2013\u2212](?=\d)")]
    private static partial Regex Hyphens();

    /// <summary>What is read as the point within a number.</summary>
    [GeneratedRegex(@"(?<=\d)[\u00B7\u2024\u2027\u22C5\u066B](?=\d)")]
    private static partial Regex Points();

    /// <summary>
    /// A sign or word for percent right behind a number, with the interval that a report puts behind it
    /// (<c>20 % (15 to 25)</c>), or behind the other end of a range.
    /// </summary>
    [GeneratedRegex(
        $@"\G(?<sign>\s*{Sign})(?<interval>\s*\([\d.,]+ to [\d.,]+\))?|\G\s*(?:[\u2013\u2014]|to\s)\s*[\d.,]+(?<sign>\s*{Sign})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Percent();

    /// <summary>A piece of a text, and the sign or word for percent that makes it one, as it is written.</summary>
    private readonly record struct Token(string Text, string Sign)
    {
        public bool IsPercent => Sign.Length > 0;
    }
}

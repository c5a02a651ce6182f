namespace SynthStudio.Tabular;

/// <summary>Texts that mean a missing value, and the trimming before.</summary>
internal static class NullText
{
    /// <summary>The texts that stand for a missing value in columns of which nothing else is said.</summary>
    public static IReadOnlyList<string> Spellings { get; } =
        ["NaN", "nan", "NAN", "NA", "N/A", "n/a", "#N/A", "NULL", "Null", "null", "<NA>", "NaT"];

    private static readonly byte[][] Bytes = [.. Spellings.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>The spellings as a regular expression.</summary>
    public static string Pattern { get; } = string.Join('|', Spellings);

    /// <summary>Whether a trimmed text stands for a missing value, in whatever column.</summary>
    public static bool IsNull(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or 1 or > 4)
        {
            return text.Length == 0;
        }

        foreach (var spelling in Bytes)
        {
            if (text.SequenceEqual(spelling))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The spellings of <see cref="IsUnknown"/> as a regular expression.</summary>
    public const string UnknownPattern = @"\?|-{1,2}|\.|[Nn]one|#(DIV/0|VALUE|REF|NUM)!|#NAME\?";

    /// <summary>
    /// Whether a trimmed text stands for a missing value in a column of numbers or times, where it can be nothing else: ?, -, --, . or
    /// None, and what spreadsheets write where a formula failed (#DIV/0!).
    /// </summary>
    public static bool IsUnknown(ReadOnlySpan<byte> text) => text.Length switch
    {
        1 => text[0] is (byte)'?' or (byte)'-' or (byte)'.',
        2 => text.SequenceEqual("--"u8),
        4 => text.SequenceEqual("None"u8) || text.SequenceEqual("none"u8),
        5 => text.SequenceEqual("#REF!"u8) || text.SequenceEqual("#NUM!"u8),
        6 => text.SequenceEqual("#NAME?"u8),
        7 => text.SequenceEqual("#DIV/0!"u8) || text.SequenceEqual("#VALUE!"u8),
        _ => false,
    };

    /// <summary>The text without white space around it, Unicode's included.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0)
        {
            if (text[0] is > (byte)' ' and < 0x80 && text[^1] is > (byte)' ' and < 0x80)
            {
                return text;
            }

            var start = LeadingSpace(text);
            var end = start == text.Length ? 0 : TrailingSpace(text);
            if (start + end == 0)
            {
                return text;
            }

            text = text[start..^end];
        }

        return text;
    }

    private static int LeadingSpace(ReadOnlySpan<byte> text)
    {
        System.Text.Rune.DecodeFromUtf8(text, out var rune, out var length);
        return System.Text.Rune.IsWhiteSpace(rune) ? length : 0;
    }

    private static int TrailingSpace(ReadOnlySpan<byte> text)
    {
        System.Text.Rune.DecodeLastFromUtf8(text, out var rune, out var length);
        return System.Text.Rune.IsWhiteSpace(rune) ? length : 0;
    }
}

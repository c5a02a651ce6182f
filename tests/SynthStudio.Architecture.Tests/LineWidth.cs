using System.Text.RegularExpressions;

namespace SynthStudio.Architecture.Tests;

/// <summary>Which lines of a source file are wider than a screen.</summary>
internal static partial class LineWidth
{
    /// <summary>Columns that a line may have.</summary>
    public const int Widest = 160;

    /// <summary>
    /// Numbers and columns of the lines that are too wide. Texts are not broken for their length: what a raw literal of many lines holds is
    /// let off, and a line that is not too wide without what its literals hold.
    /// </summary>
    public static IEnumerable<(int Line, int Columns)> TooWide(IEnumerable<string> lines)
    {
        var quotes = ""; // That close the raw literal that the line is within.
        foreach (var (index, line) in lines.Index())
        {
            var code = line;
            if (quotes.Length > 0)
            {
                var rest = line.TrimStart();
                if (!rest.StartsWith(quotes, StringComparison.Ordinal)) continue;
                code = rest[quotes.Length..];
            }

            if (Literal().Replace(code, "\"\"").Length > Widest) yield return (index + 1, line.Length);
            quotes = Literal().Matches(code).FirstOrDefault(literal => literal.Groups["open"].Success)?.Groups["quotes"].Value ?? "";
        }
    }

    /// <summary>A raw literal, of one line or one that the next line goes on with, or another literal.</summary>
    [GeneratedRegex(@"(?<quotes>""{3,})((?<open>$)|.*?\k<quotes>)|""(\\.|[^""\\])*""", RegexOptions.ExplicitCapture)]
    private static partial Regex Literal();
}

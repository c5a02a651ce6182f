using System.Text;

namespace SynthStudio.Mock;

/// <summary>
/// A regular expression read backwards: makes texts that match it. Known are literals, <c>. \d \w \s</c>, classes such as <c>[A-F0-9_]</c> and
/// <c>[^x]</c>, groups, <c>|</c>, and the quantifiers <c>? * + {n} {n,} {n,m}</c>; without an upper end up to ten more.
/// </summary>
public sealed class TextPattern
{
    private readonly PatternNode root;

    private TextPattern(PatternNode root) => this.root = root;

    /// <exception cref="MockSchemaException">The text is no such pattern; the message points at the place.</exception>
    public static TextPattern Parse(string pattern) => new(new PatternParser(pattern).Parse());

    /// <summary>A text that matches, by the numbers of <paramref name="random"/>.</summary>
    public string Make(CellRandom random)
    {
        var text = new StringBuilder();
        root.Append(text, ref random);
        return text.ToString();
    }
}

using System.Globalization;

namespace SynthStudio.Mock;

/// <summary>Reads the patterns of <see cref="TextPattern"/>.</summary>
internal sealed class PatternParser(string pattern)
{
    private const int LongestPattern = 500, LongestText = 5000, MostRepeats = 100, OpenRepeats = 10, Deepest = 20;
    private const string Digits = "0123456789", Lower = "abcdefghijklmnopqrstuvwxyz", Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly string Printable = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c));

    private int at;
    private int depth;

    private bool AtEnd => at == pattern.Length;

    public PatternNode Parse()
    {
        if (pattern.Length > LongestPattern)
        {
            throw Wrong($"it has more than {LongestPattern} characters");
        }

        if (pattern.StartsWith('^'))
        {
            at++;
        }

        var node = Choice();
        if (!AtEnd)
        {
            throw Wrong($"'{pattern[at]}' closes nothing");
        }

        return node.MostLength <= LongestText ? node : throw Wrong($"its texts may get longer than {LongestText} characters");
    }

    private PatternNode Choice()
    {
        if (++depth > Deepest)
        {
            throw Wrong($"groups are nested more than {Deepest} deep");
        }

        List<PatternNode> choices = [Sequence()];
        while (!AtEnd && pattern[at] == '|')
        {
            at++;
            choices.Add(Sequence());
        }

        depth--;
        return choices.Count == 1 ? choices[0] : new ChoiceNode(choices);
    }

    private SequenceNode Sequence()
    {
        var pieces = new List<PatternNode>();
        while (!AtEnd && pattern[at] is not ('|' or ')'))
        {
            if (pattern[at] == '$' && at == pattern.Length - 1)
            {
                at++;
                break;
            }

            pieces.Add(Quantified(Piece()));
        }

        return new SequenceNode(pieces);
    }

    private PatternNode Piece()
    {
        var c = pattern[at++];
        switch (c)
        {
            case '(':
                if (at + 1 < pattern.Length && pattern[at] == '?')
                {
                    at += pattern[at + 1] == ':' ? 2 : throw Wrong("of the groups with '?' only (?:…) is known");
                }

                var inner = Choice();
                return !AtEnd && pattern[at++] == ')' ? inner : throw Wrong("a group is not closed");
            case '[':
                return new CharacterNode(Class());
            case '\\':
                return new CharacterNode(Escape());
            case '.':
                return new CharacterNode(Printable);
            case '*' or '+' or '?' or '{' or '^' or '$':
                at--;
                throw Wrong($"'{c}' has nothing before it; write \\{c} for the character");
            default:
                return new CharacterNode(c.ToString());
        }
    }

    private string Escape()
    {
        if (AtEnd)
        {
            throw Wrong("a '\\' stands at the end");
        }

        var c = pattern[at++];
        return c switch
        {
            'd' => Digits,
            'w' => Lower + Upper + Digits + "_",
            's' => " ",
            't' => "\t",
            _ when char.IsLetterOrDigit(c) => throw Wrong($"'\\{c}' is not known"),
            _ => c.ToString(),
        };
    }

    private string Class()
    {
        var negated = !AtEnd && pattern[at] == '^';
        at += negated ? 1 : 0;
        var characters = new SortedSet<char>();
        for (var first = true; !AtEnd && (pattern[at] != ']' || first); first = false)
        {
            var set = pattern[at++] is '\\' ? Escape() : pattern[at - 1].ToString();
            if (set.Length == 1 && at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                var end = pattern[at++] is '\\' ? Escape()[0] : pattern[at - 1];
                if (end < set[0] || end - set[0] > 2000)
                {
                    throw Wrong($"the range {set}-{end} runs backwards or too far");
                }

                set = string.Concat(Enumerable.Range(set[0], end - set[0] + 1).Select(c => (char)c));
            }

            characters.UnionWith(set);
        }

        if (AtEnd)
        {
            throw Wrong("a class is not closed");
        }

        at++;
        var members = string.Concat(negated ? Printable.Except(characters) : characters);
        return members.Length > 0 ? members : throw Wrong("a class has no character");
    }

    private PatternNode Quantified(PatternNode piece)
    {
        if (AtEnd)
        {
            return piece;
        }

        switch (pattern[at])
        {
            case '?':
                at++;
                return new RepeatNode(piece, 0, 1);
            case '*':
                at++;
                return new RepeatNode(piece, 0, OpenRepeats);
            case '+':
                at++;
                return new RepeatNode(piece, 1, OpenRepeats);
            case '{':
                return Counted(piece);
            default:
                return piece;
        }
    }

    private RepeatNode Counted(PatternNode piece)
    {
        var end = pattern.IndexOf('}', at);
        var bounds = end < 0 ? [] : pattern[(at + 1)..end].Split(',');
        if (bounds.Length is 0 or > 2 || !TryCount(bounds[0], out var least))
        {
            throw Wrong("a count is written {3}, {2,} or {2,5}");
        }

        var most = least;
        if (bounds.Length == 2 && !(bounds[1].Length == 0 ? (most = least + OpenRepeats) > 0 : TryCount(bounds[1], out most)))
        {
            throw Wrong("a count is written {3}, {2,} or {2,5}");
        }

        if (most < least || most > MostRepeats)
        {
            throw Wrong($"a count runs backwards or beyond {MostRepeats}");
        }

        at = end + 1;
        return new RepeatNode(piece, least, most);
    }

    private static bool TryCount(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private MockSchemaException Wrong(string why) => new($"Pattern \"{pattern}\", position {Math.Min(at + 1, pattern.Length)}: {why}.");
}

using System.Collections.Frozen;
using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Tells names of persons by a list of common ones; what share of a column is common is <see cref="PersonalDataDetector"/>'s to judge.</summary>
internal static class PersonNames
{
    private const int MostWords = 4;

    private const string Accented = "àáâãäåāăąçćčďđèéêëēėęěğìíîïīıłľńñňòóôõöøőřśşšșťțùúûüūůűýÿźżž";
    private const string Plain = "aaaaaaaaacccddeeeeeeeegiiiiiillnnnooooooorsssstt" + "uuuuuuuyyzzz";

    private static readonly (FrozenSet<string> Given, FrozenSet<string> Family) Known = Load();

    /// <summary>Whether a text is one common given or family name, or a full name with one of each kind, or with a given name in front.</summary>
    public static bool IsName(string text)
    {
        var words = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > MostWords || !Array.TrueForAll(words, IsNameLike)) return false;
        if (words.Length == 1) return IsGiven(words[0]) || IsFamily(words[0]);
        return IsGiven(words[0]) || IsGiven(words[^1]) || (IsFamily(words[0]) && text.Contains(',', StringComparison.Ordinal));
    }

    /// <summary>Whether a text has the form of a name: one to four words of letters.</summary>
    public static bool IsNameLike(string text)
    {
        if (text.Length is < 1 or > 60) return false;
        foreach (var c in text)
        {
            if (!char.IsLetter(c) && c is not (' ' or '-' or '\'' or '’' or '.' or ',')) return false;
        }

        return true;
    }

    /// <summary>Whether a longer text has a common given name followed by a common family name, both with a capital.</summary>
    public static bool IsNamedIn(string text)
    {
        var words = text.Split([' ', ',', '.', ';', ':', '(', ')', '\n', '\t', '"'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 1; i < words.Length; i++)
        {
            if (char.IsUpper(words[i][0]) && char.IsUpper(words[i - 1][0]) && IsFamily(words[i]) && IsGiven(words[i - 1])) return true;
        }

        return false;
    }

    /// <summary>Lower case without accents: how the list is written. By a table of our own, since a host may run without one of Unicode.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var lower = char.ToLowerInvariant(c);
            var at = Accented.IndexOf(lower, StringComparison.Ordinal);
            if (at >= 0) folded.Append(Plain[at]);
            else if (c is not (>= '\u0300' and <= '\u036f')) folded.Append(lower switch { 'ß' => "ss", 'æ' => "ae", 'œ' => "oe", _ => lower.ToString() });
        }

        return folded.ToString();
    }

    private static bool IsGiven(string word) => word.Length > 1 && Known.Given.Contains(Fold(FirstPart(word)));

    private static bool IsFamily(string word) => word.Length > 1 && Known.Family.Contains(Fold(word));

    // Anna-Maria is known by Anna.
    private static string FirstPart(string word) => word.IndexOf('-', StringComparison.Ordinal) is > 0 and var hyphen ? word[..hyphen] : word;

    private static (FrozenSet<string> Given, FrozenSet<string> Family) Load()
    {
        using var reader = new StreamReader(typeof(PersonNames).Assembly.GetManifestResourceStream("PersonNames.txt")!);
        var parts = reader.ReadToEnd().Split("---");
        return (Words(parts[0]), Words(parts[1]));

        static FrozenSet<string> Words(string part) => part.Split('\n').Where(line => !line.StartsWith('#'))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(Fold).ToFrozenSet(StringComparer.Ordinal);
    }
}

using System.Text;

namespace SynthStudio.Mock;

/// <summary>Names as mailboxes spell them: lower-case letters without accents.</summary>
internal static class AsciiText
{
    private const string Accented = "àáâãåāăąçćčďđèéêëēėęěğìíîïīįıķļľłñńňņòóôõōőøřśšşșťţțùúûūůűųýÿźžż";
    private const string Plain = "aaaaaaaacccddeeeeeeeegiiiiiiiklllnnnnooooooorsssstttuuuuuuuyyzzz";

    /// <summary>The letters that can be spelled; <c>user</c> when there are none.</summary>
    public static string Of(string name)
    {
        var spelled = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            var lower = char.ToLowerInvariant(c);
            switch (lower)
            {
                case 'ä' or 'æ':
                    spelled.Append("ae");
                    break;
                case 'ö' or 'œ':
                    spelled.Append("oe");
                    break;
                case 'ü':
                    spelled.Append("ue");
                    break;
                case 'ß':
                    spelled.Append("ss");
                    break;
                case var letter when char.IsAsciiLetterOrDigit(letter):
                    spelled.Append(letter);
                    break;
                case var letter when Accented.IndexOf(letter, StringComparison.Ordinal) is var at and >= 0:
                    spelled.Append(Plain[at]);
                    break;
            }
        }

        return spelled.Length > 0 ? spelled.ToString() : "user";
    }
}

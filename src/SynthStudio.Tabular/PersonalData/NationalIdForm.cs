namespace SynthStudio.Tabular;

/// <summary>How a state writes the numbers of its people.</summary>
/// <param name="Name">Country and number, for people.</param>
/// <param name="Mask">What it looks like without separators: 9 a digit, A a letter, * either.</param>
/// <param name="Spelling">
/// How the country spells it, in the same signs; a text of this spelling is told from other numbers. Null where there is no other
/// spelling than the mask.
/// </param>
/// <param name="Holds">Whether the check digits hold, of a text in upper case that fits the mask.</param>
internal sealed record NationalIdForm(string Name, string Mask, string? Spelling, CheckedNumber Holds)
{
    /// <summary>Whether a text, without separators and in upper case, is of this form.</summary>
    public bool Fits(string compact) => Fits(compact, Mask) && Holds(compact);

    /// <summary>Whether a text of this form shows by letters or separators that it is no mere number.</summary>
    public static bool IsTelling(string text) => text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool Fits(string text, string mask)
    {
        if (text.Length != mask.Length) return false;
        for (var i = 0; i < text.Length; i++)
        {
            var fits = mask[i] switch
            {
                '9' => char.IsAsciiDigit(text[i]),
                'A' => char.IsAsciiLetterUpper(text[i]),
                '*' => char.IsAsciiDigit(text[i]) || char.IsAsciiLetterUpper(text[i]),
                var separator => text[i] == separator,
            };
            if (!fits) return false;
        }

        return true;
    }
}

/// <summary>Whether the check digits of a text hold that fits its form's mask.</summary>
internal delegate bool CheckedNumber(ReadOnlySpan<char> text);

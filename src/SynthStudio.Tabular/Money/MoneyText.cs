namespace SynthStudio.Tabular;

/// <summary>Where the sign of a negative amount stands.</summary>
internal enum MoneySign
{
    /// <summary>Before everything: -$5.</summary>
    First,

    /// <summary>Before the digits, behind the currency: $-5.</summary>
    BeforeDigits,

    /// <summary>Brackets around everything: ($5).</summary>
    Brackets,
}

/// <summary>An amount of money, a percentage or a number with groups or a decimal comma, in its parts.</summary>
/// <param name="Prefix">Currency before the digits, with the space between; empty when it stands behind them, or nowhere.</param>
/// <param name="Digits">From the first digit to the last.</param>
/// <param name="Suffix">Currency behind the digits, with the space between.</param>
/// <param name="Sign">How it says that it is negative; null when it is not.</param>
internal readonly record struct MoneyText(string Prefix, string Digits, string Suffix, MoneySign? Sign)
{
    private const string Spaces = " \u00A0\u202F";

    /// <summary>Whether there is a currency, or a percent sign.</summary>
    public bool HasCurrency => Prefix.Length + Suffix.Length > 0;

    /// <summary>Cuts a trimmed text; false when it is no amount with one currency or none.</summary>
    public static bool TryCut(string text, out MoneyText money)
    {
        money = default;
        MoneySign? sign = null;
        if (text is ['(', .., ')']) (text, sign) = (text[1..^1], MoneySign.Brackets);
        else if (text is ['-', ..]) (text, sign) = (text[1..], MoneySign.First);
        var (first, last) = (text.AsSpan().IndexOfAnyInRange('0', '9'), text.AsSpan().LastIndexOfAnyInRange('0', '9'));
        if (first < 0) return false;
        var (prefix, suffix) = (text[..first], text[(last + 1)..]);
        if (sign is null && prefix.Length > 1 && prefix[^1] == '-') (prefix, sign) = (prefix[..^1], MoneySign.BeforeDigits);
        money = new MoneyText(prefix, text[first..(last + 1)], suffix, sign);
        return IsCurrency(prefix, suffix);
    }

    /// <summary>Whether one of the two is a currency, perhaps with a space towards the digits, and the other nothing; or both are nothing.</summary>
    public static bool IsCurrency(string prefix, string suffix) => prefix.Length == 0
        ? suffix.Length == 0 || Currencies.IsOne(Spaces.Contains(suffix[0]) ? suffix[1..] : suffix)
        : suffix.Length == 0 && Currencies.IsOne(Spaces.Contains(prefix[^1]) ? prefix[..^1] : prefix);
}

using System.Text.RegularExpressions;

namespace SynthStudio.Tabular;

/// <summary>Looks for personal data within longer texts: remarks, messages, descriptions.</summary>
internal static partial class EmbeddedPersonalData
{
    /// <summary>Longer texts are examined to here.</summary>
    private const int Examined = 4000;

    /// <summary>Whether a text is long enough, and of words, to hold something beside other things.</summary>
    public static bool IsProse(string text) => text.Length >= 10 && text.Contains(' ', StringComparison.Ordinal);

    /// <summary>The kinds that a text holds, each once, by <paramref name="found"/>.</summary>
    public static void Recognise(string text, Action<PersonalDataKind> found)
    {
        if (text.Length > Examined) text = text[..Examined];
        if (text.Contains('@', StringComparison.Ordinal) && Any(Mailbox(), text, PersonalDataPatterns.IsEmail)) found(PersonalDataKind.Email);
        if (PersonNames.IsNamedIn(text)) found(PersonalDataKind.PersonName);
        if (text.AsSpan().CountAnyDigits() < 6) return;
        if (Any(Account(), text, PersonalDataPatterns.IsIban)) found(PersonalDataKind.Iban);
        if (Any(Numbers(), text, IsSpacedCard)) found(PersonalDataKind.PaymentCard);
        if (Any(SocialSecurity(), text, PersonalDataPatterns.IsSocialSecurityNumber)) found(PersonalDataKind.SocialSecurityNumber);
        if (Any(Network(), text, PersonalDataPatterns.IsIpAddress)) found(PersonalDataKind.IpAddress);
        if (Any(Telephone(), text, PersonalDataPatterns.IsPhone)) found(PersonalDataKind.Phone);
        if (Born().IsMatch(text)) found(PersonalDataKind.BirthDate);
    }

    // In words of sixteen digits every tenth is a card by chance: here it must be spelled as one.
    private static bool IsSpacedCard(ReadOnlySpan<char> text) => text.ContainsAny(' ', '-') && PersonalDataPatterns.IsPaymentCard(text);

    private static int CountAnyDigits(this ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var c in text) count += char.IsAsciiDigit(c) ? 1 : 0;
        return count;
    }

    private delegate bool Validation(ReadOnlySpan<char> text);

    private static bool Any(Regex candidates, string text, Validation isValid)
    {
        foreach (var match in candidates.EnumerateMatches(text))
        {
            if (isValid(text.AsSpan(match.Index, match.Length))) return true;
        }

        return false;
    }

    [GeneratedRegex(@"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+", RegexOptions.CultureInvariant)]
    private static partial Regex Mailbox();

    [GeneratedRegex(@"\b[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Account();

    [GeneratedRegex(@"\b\d{4}([ -])\d{4,6}\1\d{4,5}(\1\d{4})?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\b\d{3}-\d{2}-\d{4}\b", RegexOptions.CultureInvariant)]
    private static partial Regex SocialSecurity();

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?![\d.])", RegexOptions.CultureInvariant)]
    private static partial Regex Network();

    [GeneratedRegex(@"\+\d[\d ()/-]{6,18}\d|\(\d{3}\) ?\d{3}[-. ]\d{4}|\b\d{3}-\d{3}-\d{4}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Telephone();

    [GeneratedRegex(@"\b(born|dob|date of birth|geb\.|geboren|n[ée]e? le|nacid[oa]|nat[oa] il)\W{1,5}(am |on |el )?\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Born();
}

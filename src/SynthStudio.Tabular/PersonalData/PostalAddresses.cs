using System.Text.RegularExpressions;

namespace SynthStudio.Tabular;

/// <summary>Tells street addresses by the words that streets are named with, and postal codes by the spellings that nothing else has.</summary>
internal static partial class PostalAddresses
{
    /// <summary>A street's word and a house number, in an order that some country has.</summary>
    public static bool IsAddress(string text) =>
        text.Length is >= 6 and <= 200 && text.AsSpan().ContainsAnyInRange('0', '9') && (NumberFirst().IsMatch(text) || NumberLast().IsMatch(text));

    /// <summary>A postal code that cannot be another number: of Great Britain, Canada, the Netherlands, Poland, Portugal, Sweden, or ZIP+4.</summary>
    public static bool IsPostalCode(string text) => text.Length is >= 5 and <= 10 && TellingCode().IsMatch(text);

    /// <summary>What any country's postal code may be, where the column's name says that it is one.</summary>
    public static bool IsPostalCodeLike(ReadOnlySpan<char> text)
    {
        if (text.Length is < 3 or > 10) return false;
        var digits = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c)) digits++;
            else if (!char.IsAsciiLetterUpper(c) && c is not (' ' or '-')) return false;
        }

        return digits >= 2;
    }

    // 12 Main Street; 3 bis, rue de la Paix
    [GeneratedRegex(
        @"^\d{1,5}\s?([a-z]|bis|ter)?,?\s+((\S+\s+){0,5}(street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|terrace|close|crescent|highway|hwy|parkway|pkwy|way|trail|mews|row|loop|circle|cir)\b|(rue|avenue|av|boulevard|bd|chemin|impasse|all[eé]e|place|quai|cours|route)\s+\S)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NumberFirst();

    // Hauptstraße 5a; Via Roma, 10; Calle Mayor 3; ul. Długa 7/2
    [GeneratedRegex(
        @"^((\S+\s+){0,3}\S*(stra(ß|ss)e|str\.|gasse|weg|platz|allee|ufer|ring|damm|laan|straat|plein|gracht|kade|gatan|v[aä]gen|gade|vej|gate|veien|katu|tie)|(via|viale|piazza|corso|largo|vicolo|calle|c/|avenida|avda\.?|paseo|plaza|rua|travessa|pra[cç]a|ul\.|ulica|al\.|aleja)\s+\S.*?),?\s+(n[o°º.]*\s*)?\d{1,5}\s?[a-z]?\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NumberLast();

    [GeneratedRegex(@"^([A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] \d[A-Z]\d|\d{4} [A-Z]{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{4})$", RegexOptions.CultureInvariant)]
    private static partial Regex TellingCode();
}

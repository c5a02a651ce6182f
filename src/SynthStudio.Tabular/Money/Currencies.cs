using System.Globalization;

namespace SynthStudio.Tabular;

/// <summary>
/// The signs, codes and words by which an amount is recognised as money. A percent sign counts as one: percentages are
/// written as amounts are.
/// </summary>
internal static class Currencies
{
    private const int LongestSign = 4;

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY",
        "KES", "KRW", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR", "PLN", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD",
        "VND", "ZAR", "%", "Fr.", "kr", "kr.", "zł", "Kč", "Ft", "lei",
    };

    /// <summary>Whether this is the sign (also US$ and the like), code or word of a currency, or a percent sign.</summary>
    public static bool IsOne(string text) => Names.Contains(text)
        || (text.Length <= LongestSign && text.Count(IsSign) == 1 && text.All(c => IsSign(c) || char.IsAsciiLetterUpper(c)));

    private static bool IsSign(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol;
}

namespace SynthStudio.Tabular;

/// <summary>
/// Numbers dressed for people, each in its own way, read only where a column is declared numerical (dressed in one way, as
/// <see cref="MoneyEvidence"/> finds, they are numbers undeclared): with a currency or percent sign, with groups of three digits (1,234.50
/// and 1 234), or with a decimal comma (12,5). Never guessed: 1,234 is a thousand and more, because its group has three digits.
/// </summary>
internal static class DeclaredNumber
{
    /// <summary>
    /// Reads a trimmed text of a column that is declared numerical: as an amount where it has a format of those, else as a
    /// number, plain or dressed.
    /// </summary>
    public static NumberText Read(ReadOnlySpan<byte> text, MoneyFormat? money)
    {
        if (money is not null) return money.Read(text);
        var number = NumberText.Read(text);
        return number.Shape == NumberShape.None && TryRead(text, out var declared) ? declared : number;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out NumberText number)
    {
        number = default;
        if (text.Length > 64)
        {
            return false;
        }

        var signs = 0;
        Span<char> plain = stackalloc char[64];
        var count = 0;
        foreach (var rune in System.Text.Encoding.UTF8.GetString(text))
        {
            if (char.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.CurrencySymbol || rune == '%')
            {
                signs++;
            }
            else if (!char.IsWhiteSpace(rune))
            {
                plain[count++] = rune;
            }
        }

        var digits = plain[..count];
        if (signs > 1 || !System.Text.Ascii.IsValid(digits) || !TryRemoveCommas(ref digits))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[64];
        System.Text.Ascii.FromUtf16(digits, bytes, out var written);
        number = NumberText.Read(bytes[..written]);
        return number.Shape is NumberShape.Plain or NumberShape.Padded;
    }

    private static bool TryRemoveCommas(ref Span<char> digits)
    {
        var first = digits.IndexOf(',');
        if (first < 0)
        {
            return true;
        }

        var point = digits.IndexOf('.');
        var end = point < 0 ? digits.Length : point;
        var lastGroup = end - digits.LastIndexOf(',') - 1;
        if (digits.Count(',') == 1 && point < 0 && lastGroup != 3)
        {
            digits[first] = '.';
            return true;
        }

        for (var at = first; at < end; at += 4)
        {
            if (digits[at] != ',' || at + 4 > end)
            {
                return false;
            }
        }

        var kept = 0;
        foreach (var c in digits)
        {
            if (c != ',')
            {
                digits[kept++] = c;
            }
        }

        digits = digits[..kept];
        return true;
    }
}

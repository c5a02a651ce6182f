using System.Net;
using System.Net.Sockets;

namespace SynthStudio.Tabular;

/// <summary>Validations of single texts: not only the shape, but the check digits and ranges that chance seldom meets.</summary>
internal static class PersonalDataPatterns
{
    private const int LongestText = 320;

    /// <summary>The kind of personal data a trimmed text is; null when it is none of them.</summary>
    public static PersonalDataKind? Recognise(string text)
    {
        if (text.Length is < 3 or > LongestText)
        {
            return null;
        }

        if (IsEmail(text))
        {
            return PersonalDataKind.Email;
        }

        if (IsIpAddress(text))
        {
            return PersonalDataKind.IpAddress;
        }

        if (IsMacAddress(text))
        {
            return PersonalDataKind.MacAddress;
        }

        if (IsUrl(text))
        {
            return PersonalDataKind.Url;
        }

        if (IsSocialSecurityNumber(text))
        {
            return PersonalDataKind.SocialSecurityNumber;
        }

        if (IsIban(text))
        {
            return PersonalDataKind.Iban;
        }

        if (IsPaymentCard(text))
        {
            return PersonalDataKind.PaymentCard;
        }

        return IsPhone(text) ? PersonalDataKind.Phone : null;
    }

    /// <summary>A mailbox at a domain with a top level of letters.</summary>
    public static bool IsEmail(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        if (at is < 1 or > 64 || text[(at + 1)..].Contains('@'))
        {
            return false;
        }

        foreach (var c in text[..at])
        {
            if (!char.IsLetterOrDigit(c) && !".!#$%&'*+/=?^_`{|}~-".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        var domain = text[(at + 1)..];
        var labels = 0;
        var topLevel = ReadOnlySpan<char>.Empty;
        foreach (var range in domain.Split('.'))
        {
            topLevel = domain[range];
            labels++;
            if (topLevel.Length is 0 or > 63 || topLevel[0] == '-' || topLevel[^1] == '-')
            {
                return false;
            }

            foreach (var c in topLevel)
            {
                if (!char.IsLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }

        return labels > 1 && topLevel.Length > 1 && !topLevel.ContainsAnyInRange('0', '9');
    }

    /// <summary>IPv4 with four numbers to 255, or IPv6.</summary>
    public static bool IsIpAddress(ReadOnlySpan<char> text)
    {
        var colons = text.Count(':');
        if (colons < 2 && text.Count('.') != 3)
        {
            return false;
        }

        return IPAddress.TryParse(text, out var address)
            && (address.AddressFamily == AddressFamily.InterNetwork ? colons == 0 : !IsTimeLike(text));
    }

    /// <summary>Six bytes in hexadecimal with colons or hyphens between (EUI-48).</summary>
    public static bool IsMacAddress(ReadOnlySpan<char> text)
    {
        if (text.Length != 17 || text[2] is not (':' or '-')) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (i % 3 == 2 ? text[i] != text[2] : !char.IsAsciiHexDigit(text[i])) return false;
        }

        return true;
    }

    /// <summary>An address of the web with a scheme, or beginning with www.</summary>
    public static bool IsUrl(ReadOnlySpan<char> text) => !text.Contains(' ')
        && (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
        && text.Count('.') > 0 && text.Length > 8;

    /// <summary>ddd-dd-dddd within the ranges that are given out: no area 000, 666 or 900 and above, no group 00, no serial 0000.</summary>
    public static bool IsSocialSecurityNumber(ReadOnlySpan<char> text) =>
        text.Length == 11 && text[3] == '-' && text[6] == '-'
        && TryDigits(text[..3], out var area) && TryDigits(text[4..6], out var group) && TryDigits(text[7..], out var serial)
        && area is not (0 or 666 or >= 900) && group != 0 && serial != 0;

    /// <summary>Country, check digits and account, the remainder by 97 being 1 (ISO 13616).</summary>
    public static bool IsIban(ReadOnlySpan<char> text)
    {
        Span<char> compact = stackalloc char[34];
        var count = 0;
        foreach (var c in text)
        {
            if (c == ' ')
            {
                continue;
            }

            if (count == compact.Length || !char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }

            compact[count++] = char.ToUpperInvariant(c);
        }

        compact = compact[..count];
        if (count < 15 || !char.IsAsciiLetter(compact[0]) || !char.IsAsciiLetter(compact[1])
            || !char.IsAsciiDigit(compact[2]) || !char.IsAsciiDigit(compact[3]))
        {
            return false;
        }

        var remainder = 0;
        for (var i = 0; i < count; i++)
        {
            var c = compact[(i + 4) % count];
            remainder = char.IsAsciiDigit(c)
                ? ((remainder * 10) + (c - '0')) % 97
                : ((remainder * 100) + (c - 'A' + 10)) % 97;
        }

        return remainder == 1;
    }

    /// <summary>13 to 19 digits of a known issuer's range whose Luhn sum (ISO/IEC 7812-1) is a multiple of ten.</summary>
    public static bool IsPaymentCard(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[19];
        var count = 0;
        foreach (var c in text)
        {
            if (c is ' ' or '-')
            {
                continue;
            }

            if (count == digits.Length || !char.IsAsciiDigit(c))
            {
                return false;
            }

            digits[count++] = c;
        }

        return count >= 13 && digits[0] is >= '2' and <= '6' && CheckDigits.Luhn(digits[..count]);
    }

    /// <summary>7 to 15 digits (ITU-T E.164) in a spelling that only phone numbers have: a plus in front, or an area code apart.</summary>
    public static bool IsPhone(ReadOnlySpan<char> text)
    {
        int digits = 0, separators = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
            {
                digits++;
            }
            else if (c is ' ' or '-' or '/' or '.' or '(' or ')')
            {
                separators++;
            }
            else if (c != '+' || i != 0)
            {
                return false;
            }
        }

        if (digits is < 7 or > 15 || separators > 6)
        {
            return false;
        }

        return text[0] == '+' || IsNorthAmerican(text) || (text[0] == '0' && text.Contains('/') && text.Count('/') == 1);
    }

    // (212) 555-0123, 212-555-0123, 212.555.0123: an area code and exchange that begin with 2 to 9.
    private static bool IsNorthAmerican(ReadOnlySpan<char> text)
    {
        var bracketed = text.Length >= 13 && text[0] == '(' && text[4] == ')';
        if (bracketed)
        {
            text = text[5] == ' ' ? string.Concat(text[1..4], "-", text[6..]) : string.Concat(text[1..4], "-", text[5..]);
        }

        return text.Length == 12 && text[3] is '-' or '.' && (bracketed ? text[7] is '-' or '.' or ' ' : text[7] == text[3])
            && TryDigits(text[..3], out var area) && TryDigits(text[4..7], out var exchange) && TryDigits(text[8..], out _)
            && area >= 200 && exchange >= 200;
    }

    private static bool IsTimeLike(ReadOnlySpan<char> text) => text.Count(':') == 2 && !text.Contains("::", StringComparison.Ordinal);

    private static bool TryDigits(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out value);
}

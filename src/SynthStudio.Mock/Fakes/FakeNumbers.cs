using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>Invented numbers with valid check digits, and identifiers.</summary>
internal static class FakeNumbers
{
    /// <summary>IBAN countries with the digits of their account part (ISO 13616).</summary>
    private static readonly (string Country, int Digits)[] Ibans = [("DE", 18), ("AT", 16), ("ES", 20), ("BE", 12), ("PT", 21), ("DK", 14), ("FI", 14)];

    public static string Text(ValueClass about, CellRandom random) => about switch
    {
        ValueClass.PaymentCard => PaymentCard(ref random),
        ValueClass.Iban => Iban(ref random),
        ValueClass.SocialSecurityNumber => string.Create(
            CultureInfo.InvariantCulture, $"{1 + random.NextInt(665):000}-{1 + random.NextInt(99):00}-{1 + random.NextInt(9999):0000}"),
        // The blocks that RFC 5737 reserves for documentation: nobody's addresses.
        ValueClass.IpAddress => $"{(random.NextInt(3) switch { 0 => "192.0.2", 1 => "198.51.100", _ => "203.0.113" })}.{1 + random.NextInt(254)}",
        ValueClass.Uuid => Uuid(ref random),
        _ => throw new ArgumentOutOfRangeException(nameof(about), about, "This class is no number."),
    };

    /// <summary>16 digits with a Luhn check digit (ISO/IEC 7812-1).</summary>
    private static string PaymentCard(ref CellRandom random)
    {
        Span<char> digits = stackalloc char[16];
        digits[0] = random.NextInt(2) == 0 ? '4' : '5';
        digits[1] = (char)('1' + random.NextInt(5));
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            if (i > 1)
            {
                digits[i] = (char)('0' + random.NextInt(10));
            }

            var digit = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
        }

        digits[15] = (char)('0' + ((10 - (sum % 10)) % 10));
        return new string(digits);
    }

    /// <summary>Check digits are 98 less the remainder by 97 of account, country as numbers, and 00.</summary>
    private static string Iban(ref CellRandom random)
    {
        var (country, count) = Ibans[random.NextInt(Ibans.Length)];
        Span<char> account = stackalloc char[count];
        var remainder = 0;
        foreach (ref var digit in account)
        {
            digit = (char)('0' + random.NextInt(10));
            remainder = ((remainder * 10) + (digit - '0')) % 97;
        }

        foreach (var letter in country)
        {
            remainder = ((remainder * 100) + (letter - 'A' + 10)) % 97;
        }

        remainder = remainder * 100 % 97;
        return string.Create(CultureInfo.InvariantCulture, $"{country}{98 - remainder:00}{account}");
    }

    private static string Uuid(ref CellRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, random.NextBits());
        BitConverter.TryWriteBytes(bytes[8..], random.NextBits());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}

using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>Invented numbers with valid check digits, and identifiers.</summary>
internal static class FakeNumbers
{
    /// <summary>IBAN countries with the digits of their account part (ISO 13616).</summary>
    private static readonly (string Country, int Digits)[] Ibans = [("DE", 18), ("AT", 16), ("ES", 20), ("BE", 12), ("PT", 21), ("DK", 14), ("FI", 14)];

    /// <summary>Networks of 256 addresses in 10/8, 172.16/12 and 192.168/16.</summary>
    private const int PrivateNetworks = 65_536 + 4_096 + 256;

    /// <summary>Digits that distinct numbers have: those of <see cref="Distinct"/>.</summary>
    private const int DistinctDigits = 11;

    /// <summary>A number below 10^11 that no other row of the seed has: the row's, permuted by an affine map.</summary>
    public static long Distinct(long seed, long row)
    {
        var random = new CellRandom(seed, 0x44697374, 0);
        UInt128 modulus = 100_000_000_000, factor = (random.NextBits() % 10_000_000_000 * 10) + 7, shift = random.NextBits();
        return (long)((((UInt128)row * factor) + shift) % modulus);
    }

    /// <summary>The number of a class.</summary>
    /// <param name="about">The class.</param>
    /// <param name="random">The cell's random numbers.</param>
    /// <param name="distinct">What makes it different from those of other rows; null leaves that to chance.</param>
    public static string Text(ValueClass about, CellRandom random, long? distinct = null) => about switch
    {
        ValueClass.PaymentCard => PaymentCard(ref random, distinct),
        ValueClass.Iban => Iban(ref random, distinct),
        ValueClass.SocialSecurityNumber => string.Create(
            CultureInfo.InvariantCulture, $"{1 + random.NextInt(665):000}-{1 + random.NextInt(99):00}-{1 + random.NextInt(9999):0000}"),
        ValueClass.IpAddress => IpAddress(random.NextInt(PrivateNetworks + 3), 1 + random.NextInt(254)),
        ValueClass.Uuid => Uuid(ref random),
        _ => throw new ArgumentOutOfRangeException(nameof(about), about, "This class is no number."),
    };

    /// <summary>An address in the blocks that RFC 1918 leaves to private networks and RFC 5737 to documentation: nobody's.</summary>
    /// <param name="network">One of <see cref="PrivateNetworks"/> + 3.</param>
    /// <param name="host">The last part.</param>
    private static string IpAddress(int network, int host) => network switch
    {
        < 65_536 => $"10.{network >> 8}.{network & 255}.{host}",
        < 69_632 => $"172.{16 + ((network - 65_536) >> 8)}.{network & 255}.{host}",
        < PrivateNetworks => $"192.168.{network & 255}.{host}",
        PrivateNetworks => $"192.0.2.{host}",
        PrivateNetworks + 1 => $"198.51.100.{host}",
        _ => $"203.0.113.{host}",
    };

    /// <summary>16 digits with a Luhn check digit (ISO/IEC 7812-1).</summary>
    private static string PaymentCard(ref CellRandom random, long? distinct)
    {
        Span<char> digits = stackalloc char[16];
        digits[0] = random.NextInt(2) == 0 ? '4' : '5';
        digits[1] = (char)('1' + random.NextInt(5));
        foreach (ref var digit in digits[2..15])
        {
            digit = (char)('0' + random.NextInt(10));
        }

        Write(distinct, digits.Slice(4, DistinctDigits));
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var digit = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
        }

        digits[15] = (char)('0' + ((10 - (sum % 10)) % 10));
        return new string(digits);
    }

    /// <summary>Check digits are 98 less the remainder by 97 of account, country as numbers, and 00.</summary>
    private static string Iban(ref CellRandom random, long? distinct)
    {
        var (country, count) = Ibans[random.NextInt(Ibans.Length)];
        Span<char> account = stackalloc char[count];
        foreach (ref var digit in account)
        {
            digit = (char)('0' + random.NextInt(10));
        }

        Write(distinct, account[^DistinctDigits..]);
        var remainder = 0;
        foreach (var digit in account)
        {
            remainder = ((remainder * 10) + (digit - '0')) % 97;
        }

        foreach (var letter in country)
        {
            remainder = ((remainder * 100) + (letter - 'A' + 10)) % 97;
        }

        remainder = remainder * 100 % 97;
        return string.Create(CultureInfo.InvariantCulture, $"{country}{98 - remainder:00}{account}");
    }

    private static void Write(long? number, Span<char> digits)
    {
        if (number is not { } left)
        {
            return;
        }

        for (var i = digits.Length - 1; i >= 0; i--, left /= 10)
        {
            digits[i] = (char)('0' + (left % 10));
        }
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

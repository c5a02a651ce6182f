using static SynthStudio.Tabular.CheckDigits;

namespace SynthStudio.Tabular;

/// <summary>
/// Numbers that states give to their people, by their published forms and check digits. A number of digits only passes one of them by chance
/// once in ten or a hundred times: what that proves is <see cref="PersonalDataDetector"/>'s to judge.
/// </summary>
internal static class NationalIds
{
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string FinnishLetters = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    /// <summary>All known forms.</summary>
    public static readonly IReadOnlyList<NationalIdForm> Forms =
    [
        new("AT social insurance number", "9999999999", "9999 999999", Austrian),
        new("AU tax file number", "999999999", "999 999 999", t => Weighted(t, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0 && t[0] != '0'),
        new("BE national register number", "99999999999", "99.99.99-999.99", Belgian),
        new("BG personal number", "9999999999", null,
            t => IsDay(Number(t[4..6]), Number(t[2..4]) % 20) && Weighted(t, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == t[9] - '0'),
        new("BR taxpayer number (CPF)", "99999999999", "999.999.999-99", Brazilian),
        new("CA social insurance number", "999999999", "999 999 999", Luhn),
        new("CH social insurance number (AHV)", "9999999999999", "999.9999.9999.99",
            t => t.StartsWith("756", StringComparison.Ordinal) && Weighted(t, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0),
        new("CL national number (RUT)", "99999999*", "99.999.999-*", Chilean),
        new("CN resident identity number", "99999999999999999*", null, Chinese),
        new("CZ/SK birth number", "9999999999", "999999/9999", t => Number(t) % 11 == 0 && IsDay(Number(t[4..6]), Number(t[2..4]) % 50 % 20)),
        new("DE tax identification number", "99999999999", "99 999 999 999", t => t[0] != '0' && GermanRepeats(t) && Mod11And10(t)),
        new("DK personal number (CPR)", "9999999999", "999999-9999",
            t => IsDay(Number(t[..2]), Number(t[2..4])) && Weighted(t, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0),
        new("EE/LT personal code", "99999999999", null, Baltic),
        new("ES identity number (DNI)", "99999999A", "99999999-A", t => SpanishLetters[(int)(Number(t[..8]) % 23)] == t[8]),
        new("ES foreigner number (NIE)", "A9999999A", "A-9999999-A",
            t => "XYZ".IndexOf(t[0], StringComparison.Ordinal) is >= 0 and var first
                && SpanishLetters[(int)(((first * 10_000_000L) + Number(t[1..8])) % 23)] == t[8]),
        new("FI personal identity code", "999999999*", "999999-999*",
            t => IsDay(Number(t[..2]), Number(t[2..4])) && FinnishLetters[(int)(Number(t[..9]) % 31)] == t[9]),
        new("FI personal identity code", "999999A999*", null,
            t => t[6] is (>= 'A' and <= 'F') or (>= 'U' and <= 'Y')
                && IsDay(Number(t[..2]), Number(t[2..4])) && FinnishLetters[(int)(Number(string.Concat(t[..6], t[7..10])) % 31)] == t[10]),
        new("FR social security number (NIR)", "99999**99999999", "9 99 99 ** 999 999 99", French),
        new("GB national insurance number", "AA999999A", "AA 99 99 99 A", British),
        new("GB NHS number", "9999999999", "999 999 9999", t => Weighted(t, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0),
        new("HR personal number (OIB)", "99999999999", null, Mod11And10),
        new("IN Aadhaar number", "999999999999", "9999 9999 9999", t => t[0] > '1' && Verhoeff(t)),
        new("IN taxpayer number (PAN)", "AAAAA9999A", null, t => t[3] == 'P'),
        new("IT tax code", "AAAAAA**A**A***A", null, Italian),
        new("KR resident registration number", "9999999999999", "999999-9999999",
            t => IsDay(Number(t[4..6]), Number(t[2..4]))
                && (11 - (Weighted(t, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 == t[12] - '0'),
        new("MX population code (CURP)", "AAAA999999AAAAAA*9", null, Mexican),
        new("NL citizen service number (BSN)", "999999999", "9999.99.999",
            t => Weighted(t, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0 && t[..2] is not "00"),
        new("NO birth number", "99999999999", "999999 99999", Norwegian),
        new("PL PESEL", "99999999999", null,
            t => IsDay(Number(t[4..6]), Number(t[2..4]) % 20) && Weighted(t, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0),
        new("PT taxpayer number (NIF)", "999999999", "999 999 999",
            t => t[0] is '1' or '2' or '3'
                && Weighted(t, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 is var rest && (rest < 2 ? 0 : 11 - rest) == t[8] - '0'),
        new("RO personal code (CNP)", "9999999999999", null, Romanian),
        new("SE personal number", "9999999999", "999999-9999", t => IsDay(Number(t[4..6]) % 60, Number(t[2..4])) && Luhn(t)),
        new("SE personal number with century", "999999999999", "99999999-9999",
            t => t[..2] is "19" or "20" && IsDay(Number(t[6..8]) % 60, Number(t[4..6])) && Luhn(t[2..])),
        new("SG identity number (NRIC)", "A9999999A", null, Singaporean),
        new("TR identity number", "99999999999", null, Turkish),
        new("ZA identity number", "9999999999999", null, t => IsDay(Number(t[4..6]), Number(t[2..4])) && t[10] is '0' or '1' && Luhn(t)),
    ];

    private static readonly ILookup<int, int> ByLength = Enumerable.Range(0, Forms.Count).ToLookup(i => Forms[i].Mask.Length);

    /// <summary>The forms that a trimmed text may be of, by their places in <see cref="Forms"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="found">Takes them.</param>
    public static void Recognise(string text, List<int> found)
    {
        found.Clear();
        if (text.Length is < 8 or > 24) return;
        Span<char> compact = stackalloc char[text.Length];
        var count = 0;
        foreach (var c in text)
        {
            if (c is ' ' or '-' or '.' or '/') continue;
            if (!char.IsAsciiLetterOrDigit(c)) return;
            compact[count++] = char.ToUpperInvariant(c);
        }

        var candidate = new string(compact[..count]);
        foreach (var i in ByLength[count])
        {
            // Separators are the country's or none.
            if ((count == text.Length || Forms[i].Spelling is { } spelling && HasSeparatorsOf(text, spelling)) && Forms[i].Fits(candidate)) found.Add(i);
        }
    }

    private static bool HasSeparatorsOf(string text, string spelling)
    {
        if (text.Length != spelling.Length) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiLetterOrDigit(text[i]) ? spelling[i] is not ('9' or 'A' or '*') : text[i] != spelling[i]) return false;
        }

        return true;
    }

    private static bool IsDay(long day, long month) => day is >= 1 and <= 31 && month is >= 1 and <= 12;

    private static bool Austrian(ReadOnlySpan<char> t) => t[0] != '0' && IsDay(Number(t[4..6]), Number(t[6..8]))
        && Weighted(t, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == t[3] - '0';

    private static bool Belgian(ReadOnlySpan<char> t)
    {
        var (number, check) = (Number(t[..9]), Number(t[9..]));
        return Number(t[2..4]) % 20 <= 12 && Number(t[4..6]) <= 31 && (97 - (number % 97) == check || 97 - ((2_000_000_000 + number) % 97) == check);
    }

    private static bool Brazilian(ReadOnlySpan<char> t) => t.ContainsAnyExcept(t[0])
        && Check(Weighted(t, [10, 9, 8, 7, 6, 5, 4, 3, 2])) == t[9] - '0' && Check(Weighted(t, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) == t[10] - '0';

    // 11 less the remainder; what has two digits is 0.
    private static int Check(int sum) => 11 - (sum % 11) is var check and < 10 ? check : 0;

    private static bool Chilean(ReadOnlySpan<char> t) => (11 - (Weighted(t, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) switch
    {
        11 => '0',
        10 => 'K',
        var check => (char)('0' + check),
    } == t[8];

    private static bool Chinese(ReadOnlySpan<char> t) => t[6..8] is "19" or "20" && IsDay(Number(t[12..14]), Number(t[10..12]))
        && "10X98765432"[Weighted(t, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] == t[17];

    // In the first ten digits one comes two or three times; the others at most once.
    private static bool GermanRepeats(ReadOnlySpan<char> t)
    {
        Span<int> counts = stackalloc int[10];
        foreach (var c in t[..10]) counts[c - '0']++;
        return counts.Count(2) + counts.Count(3) == 1 && !counts.ContainsAnyInRange(4, 10);
    }

    private static bool Baltic(ReadOnlySpan<char> t)
    {
        if (t[0] is < '1' or > '6' || !IsDay(Number(t[5..7]), Number(t[3..5]))) return false;
        var check = Weighted(t, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
        if (check == 10) check = Weighted(t, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10;
        return check == t[10] - '0';
    }

    // 2A and 2B are the two departments of Corsica.
    private static bool French(ReadOnlySpan<char> t)
    {
        var text = t[5..7] switch { "2A" => string.Concat(t[..5], "19", t[7..]), "2B" => string.Concat(t[..5], "18", t[7..]), _ => t };
        return t[0] is '1' or '2' && !text.ContainsAnyExceptInRange('0', '9') && 97 - (Number(text[..13]) % 97) == Number(text[13..]);
    }

    private static bool British(ReadOnlySpan<char> t) => !"DFIQUV".Contains(t[0], StringComparison.Ordinal) && !"DFIOQUV".Contains(t[1], StringComparison.Ordinal)
        && t[8] <= 'D' && t[..2] is not ("BG" or "GB" or "KN" or "NK" or "NT" or "TN" or "ZZ");

    // Each sign of an odd place counts by a table of its own.
    private static bool Italian(ReadOnlySpan<char> t)
    {
        ReadOnlySpan<int> odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var value = char.IsAsciiDigit(t[i]) ? t[i] - '0' : t[i] - 'A';
            sum += i % 2 == 0 ? odd[value] : value;
        }

        return "ABCDEHLMPRST".Contains(t[8], StringComparison.Ordinal) && 'A' + (sum % 26) == t[15];
    }

    // The alphabet has 37 signs: Ñ stands between N and O.
    private static bool Mexican(ReadOnlySpan<char> t)
    {
        const string signs = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";
        var sum = 0;
        for (var i = 0; i < 17; i++) sum += signs.IndexOf(t[i], StringComparison.Ordinal) * (18 - i);
        return IsDay(Number(t[8..10]), Number(t[6..8])) && t[10] is 'H' or 'M' or 'X' && (10 - (sum % 10)) % 10 == t[17] - '0';
    }

    private static bool Norwegian(ReadOnlySpan<char> t) => IsDay(Number(t[..2]) % 40, Number(t[2..4]) % 40)
        && Weighted(t, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0 && Weighted(t, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0;

    private static bool Romanian(ReadOnlySpan<char> t)
    {
        var check = Weighted(t, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
        return t[0] is >= '1' and <= '9' && IsDay(Number(t[5..7]), Number(t[3..5])) && (check == 10 ? 1 : check) == t[12] - '0';
    }

    private static bool Singaporean(ReadOnlySpan<char> t)
    {
        var sum = Weighted(t[1..], [2, 7, 6, 5, 4, 3, 2]);
        return t[0] switch
        {
            'S' => "JZIHGFEDCBA"[sum % 11] == t[8],
            'T' => "JZIHGFEDCBA"[(sum + 4) % 11] == t[8],
            'F' => "XWUTRQPNMLK"[sum % 11] == t[8],
            'G' => "XWUTRQPNMLK"[(sum + 4) % 11] == t[8],
            _ => false,
        };
    }

    private static bool Turkish(ReadOnlySpan<char> t)
    {
        if (t[0] == '0') return false;
        var odd = Weighted(t, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
        var even = Weighted(t, [0, 1, 0, 1, 0, 1, 0, 1]);
        return (((odd * 7) - even) % 10 + 10) % 10 == t[9] - '0' && (odd + even + t[9] - '0') % 10 == t[10] - '0';
    }
}

namespace SynthStudio.Tabular;

/// <summary>The published check digit schemes that numbers of persons, accounts and cards use. All take ASCII digits only.</summary>
internal static class CheckDigits
{
    private static readonly byte[,] VerhoeffProduct = new byte[10, 10], VerhoeffPermutation = new byte[8, 10];

    static CheckDigits()
    {
        // J. Verhoeff (1969): the dihedral group of order ten, and the powers of one permutation.
        byte[] permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        for (byte j = 0; j < 10; j++)
        {
            VerhoeffPermutation[0, j] = j;
            for (byte k = 0; k < 10; k++)
            {
                VerhoeffProduct[j, k] = (byte)((j < 5, k < 5) switch
                {
                    (true, true) => (j + k) % 5,
                    (true, false) => 5 + ((j + k) % 5),
                    (false, true) => 5 + ((j - k + 5) % 5),
                    _ => (j - k + 5) % 5,
                });
            }
        }

        for (var i = 1; i < 8; i++)
        {
            for (var j = 0; j < 10; j++) VerhoeffPermutation[i, j] = permutation[VerhoeffPermutation[i - 1, j]];
        }
    }

    /// <summary>ISO/IEC 7812-1, annex B: every second digit from the right doubled, the sum of digits a multiple of ten.</summary>
    public static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            digit = i % 2 == 1 ? digit * 2 : digit;
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>ISO/IEC 7064 MOD 11,10: of German tax numbers and Croatian OIB.</summary>
    public static bool Mod11And10(ReadOnlySpan<char> digits)
    {
        var product = 10;
        foreach (var c in digits[..^1])
        {
            var sum = (c - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (11 - product) % 10 == digits[^1] - '0';
    }

    /// <summary>The scheme of Indian Aadhaar numbers.</summary>
    public static bool Verhoeff(ReadOnlySpan<char> digits)
    {
        byte check = 0;
        for (var i = 0; i < digits.Length; i++)
            check = VerhoeffProduct[check, VerhoeffPermutation[i % 8, digits[^(i + 1)] - '0']];
        return check == 0;
    }

    /// <summary>Sum of digits times weights, the weights in the digits' order.</summary>
    public static int Weighted(ReadOnlySpan<char> digits, ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++) sum += (digits[i] - '0') * weights[i];
        return sum;
    }

    /// <summary>The number that digits write, of at most 18 of them.</summary>
    public static long Number(ReadOnlySpan<char> digits)
    {
        long number = 0;
        foreach (var c in digits) number = (number * 10) + (c - '0');
        return number;
    }
}

namespace SynthStudio.Tabular;

/// <summary>How the digits of an amount are grouped and parted.</summary>
/// <param name="Group">Stands between groups of three digits; <c>\0</c> where there are no groups.</param>
/// <param name="Point">Stands before the fraction.</param>
internal readonly record struct MoneyDigits(char Group, char Point)
{
    public const char NoGroup = '\0';

    private const int Longest = 40, GroupDigits = 3;

    /// <summary>As numbers are written that need no format.</summary>
    public static MoneyDigits Plain => new(NoGroup, '.');

    /// <summary>What may stand between groups.</summary>
    public static ReadOnlySpan<char> Groups => [NoGroup, ',', '.', ' ', '\u00A0', '\u202F', '\''];

    /// <summary>Reads digits without sign or currency; false when they are written in another way.</summary>
    public bool TryRead(ReadOnlySpan<char> text, out NumberText number)
    {
        number = default;
        if (text.Length is 0 or > Longest) return false;
        Span<byte> plain = stackalloc byte[Longest];
        var (count, whole, inGroup, grouped, pointed) = (0, 0, 0, false, false);
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                plain[count++] = (byte)c;
                whole += pointed ? 0 : 1;
                inGroup += pointed ? 0 : 1;
            }
            else if (c == Group && !pointed && (grouped ? inGroup == GroupDigits : whole is > 0 and <= GroupDigits))
            {
                (grouped, inGroup) = (true, 0);
            }
            else if (c == Point && !pointed && whole > 0 && IsWhole(whole, inGroup, grouped))
            {
                plain[count++] = (byte)'.';
                pointed = true;
            }
            else
            {
                return false;
            }
        }

        if ((!pointed && !IsWhole(whole, inGroup, grouped)) || plain[count - 1] == '.') return false;
        number = NumberText.Read(plain[..count]);
        return number.Shape == NumberShape.Plain;
    }

    /// <summary>Where there are groups, four digits are never written without.</summary>
    private bool IsWhole(int digits, int inGroup, bool grouped) => grouped ? inGroup == GroupDigits : Group == NoGroup || digits <= GroupDigits;
}

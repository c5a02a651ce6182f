using System.Text;

namespace SynthStudio.Tabular;

/// <summary>
/// Amounts with their currency, percentages, and numbers that are not written plainly: <c>$#,##0.00</c>, <c>#.##0,00 €</c>, <c>USD 0</c>,
/// <c>0.0%</c>, <c>0,00</c>. Zeros behind the point are always written, what follows them (<c>#</c>) where it is needed. Negative amounts
/// begin with a minus, unless a second part says how they are written: <c>$0.00;($0.00)</c>, <c>$0;$-0</c>. Plain numbers are read, too.
/// </summary>
internal sealed class MoneyFormat : ISpelling
{
    private const int LongestText = 64, MostPlaces = 6;
    private const string Placeholders = "#0";

    private readonly string prefix, suffix;
    private readonly MoneyDigits digits;
    private readonly byte[] before, after, beforeNegative, afterNegative, group;
    private readonly NumberWriter writer;

    private MoneyFormat(string pattern, MoneyText parts, MoneyDigits digits, int least, int places)
    {
        (Pattern, prefix, suffix, Places, this.digits) = (pattern, parts.Prefix, parts.Suffix, places, digits);
        writer = new NumberWriter(new ColumnSchema { Name = "", Kind = ColumnKind.Decimal, DecimalPlaces = places, Format = NumberFormat.Of(least, places) });
        before = Encoding.UTF8.GetBytes(prefix);
        after = Encoding.UTF8.GetBytes(suffix);
        group = digits.Group == MoneyDigits.NoGroup ? [] : Encoding.UTF8.GetBytes(digits.Group.ToString());
        beforeNegative = Encoding.UTF8.GetBytes(parts.Sign switch
        {
            MoneySign.Brackets => "(" + prefix,
            MoneySign.BeforeDigits => prefix + "-",
            _ => "-" + prefix,
        });
        afterNegative = parts.Sign == MoneySign.Brackets ? Encoding.UTF8.GetBytes(suffix + ")") : after;
    }

    public string Pattern { get; }

    /// <summary>Most digits behind the point.</summary>
    public int Places { get; }

    public int MostBytes => beforeNegative.Length + afterNegative.Length + (NumberWriter.MostBytes * 2);

    /// <summary>The format of a column of amounts and the like; null where its numbers are plain ones.</summary>
    public static MoneyFormat? Of(string? pattern) => pattern is not null && TryParse(pattern, out var format) ? format : null;

    /// <summary>The format that writes amounts like this one.</summary>
    /// <param name="parts">Currency and sign; null for a sign that was never seen.</param>
    /// <param name="digits">Groups and point.</param>
    /// <param name="least">Digits behind the point at least.</param>
    /// <param name="most">At most.</param>
    public static MoneyFormat Of(MoneyText parts, MoneyDigits digits, int least, int most)
    {
        var number = (digits.Group == MoneyDigits.NoGroup ? "0" : $"#{digits.Group}##0")
            + (most == 0 ? "" : digits.Point + new string('0', least) + new string('#', most - least));
        var positive = parts.Prefix + number + parts.Suffix;
        var pattern = parts.Sign switch
        {
            MoneySign.Brackets => $"{positive};({positive})",
            MoneySign.BeforeDigits => $"{positive};{parts.Prefix}-{number}{parts.Suffix}",
            _ => positive,
        };
        return new MoneyFormat(pattern, parts, digits, least, most);
    }

    /// <summary>Understands a pattern; false where it is that of plain numbers, or none.</summary>
    public static bool TryParse(string pattern, out MoneyFormat format)
    {
        format = null!;
        var positive = pattern.Split(';')[0];
        var (first, last) = (positive.AsSpan().IndexOfAny(Placeholders), positive.AsSpan().LastIndexOfAny(Placeholders));
        if (first < 0 || !MoneyText.IsCurrency(positive[..first], positive[(last + 1)..])) return false;
        var number = positive[first..(last + 1)];
        var isGrouped = number[0] == '#';
        if (isGrouped && (number.Length < 5 || number[2..5] != "##0")) return false;
        var fraction = number[(isGrouped ? 5 : 1)..];
        var group = isGrouped ? number[1] : MoneyDigits.NoGroup;
        var point = fraction.Length > 0 ? fraction[0] : group == '.' ? ',' : '.';
        var (least, most) = (0, Math.Max(0, fraction.Length - 1));
        if (!MoneyDigits.Groups.Contains(group) || point is not ('.' or ',') || point == group || most > MostPlaces) return false;
        if (fraction.Length > 0)
        {
            if (!NumberFormat.TryParse("0." + fraction[1..], out var places)) return false;
            least = places.LeastPlaces;
        }

        var parts = new MoneyText(positive[..first], "", positive[(last + 1)..], null);
        if (!parts.HasCurrency && new MoneyDigits(group, point) == MoneyDigits.Plain) return false;
        foreach (MoneySign? sign in (MoneySign?[])[null, MoneySign.BeforeDigits, MoneySign.Brackets])
        {
            format = Of(parts with { Sign = sign }, new MoneyDigits(group, point), least, most);
            if (format.Pattern == pattern) return true;
        }

        return false;
    }

    public bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        var number = Read(text);
        value = number.Shape == NumberShape.Plain ? number.Value : double.NaN;
        return number.Shape == NumberShape.Plain;
    }

    /// <summary>Reads a trimmed text of this format, however its thousands are grouped, or a plain number.</summary>
    public NumberText Read(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestText || !MoneyText.TryCut(Encoding.UTF8.GetString(text), out var money)
            || money.Prefix != prefix || money.Suffix != suffix)
        {
            return NumberText.Read(text);
        }

        if (TryRead(digits, money.Digits, out var number)) return Signed(number);
        if (!money.HasCurrency && NumberText.Read(text) is { Shape: NumberShape.Plain } plain) return plain;
        foreach (var other in MoneyDigits.Groups)
        {
            if (other != digits.Point && TryRead(digits with { Group = other }, money.Digits, out number)) return Signed(number);
        }

        return NumberText.Read(text);

        NumberText Signed(NumberText read) => money.Sign is null ? read : read with { Value = -read.Value };
    }

    private bool TryRead(MoneyDigits way, string text, out NumberText number) => way.TryRead(text, out number) && number.Places <= Places;

    public int Write(Span<byte> target, double value)
    {
        Span<byte> plain = stackalloc byte[NumberWriter.MostBytes];
        plain = plain[..writer.Write(plain, Math.Abs(value))];
        var isNegative = value < 0 && plain.IndexOfAnyInRange((byte)'1', (byte)'9') >= 0;
        var (start, end) = isNegative ? (beforeNegative, afterNegative) : (before, after);
        start.CopyTo(target);
        var at = start.Length;
        var whole = plain.IndexOf((byte)'.') is var point and >= 0 ? point : plain.Length;
        for (var i = 0; i < plain.Length; i++)
        {
            if (i > 0 && i < whole && (whole - i) % 3 == 0)
            {
                group.CopyTo(target[at..]);
                at += group.Length;
            }

            target[at++] = i == whole ? (byte)digits.Point : plain[i];
        }

        end.CopyTo(target[at..]);
        return at + end.Length;
    }
}

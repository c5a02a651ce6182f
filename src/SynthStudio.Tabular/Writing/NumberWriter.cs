using System.Buffers.Text;
using System.Globalization;

namespace SynthStudio.Tabular;

/// <summary>
/// Numbers of one column as UTF-8 text: whole ones without a point, others rounded to the column's decimal places and without more zeros
/// than its format asks for. What has up to 15 digits reads back as the same double.
/// </summary>
internal sealed class NumberWriter
{
    /// <summary>Room for any double with all its digits.</summary>
    public const int MostBytes = 360;

    private static ReadOnlySpan<long> PowersOfTen =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    ];

    private const double LargestScaled = 1e15;
    private readonly int? places;
    private readonly int least;
    private readonly double scale;
    private readonly string fixedFormat;

    public NumberWriter(ColumnSchema column)
    {
        least = column.Format is { } text && NumberFormat.TryParse(text, out var format) ? format.LeastPlaces : 0;
        places = column.Kind == ColumnKind.Integer ? 0 : column.DecimalPlaces;
        scale = Math.Pow(10, places ?? 0);
        fixedFormat = string.Create(CultureInfo.InvariantCulture, $"F{places ?? 0}");
    }

    /// <summary>Writes a finite number; returns the number of bytes.</summary>
    public int Write(Span<byte> target, double value)
    {
        int written;
        if (places is not { } digits)
        {
            value.TryFormat(target, out written, default, CultureInfo.InvariantCulture);
            return written + (target[..written].IndexOfAny(".E"u8) < 0 ? Pad(target[written..], 0) : 0);
        }

        var scaled = Math.Round(value * scale);
        if (Math.Abs(scaled) >= LargestScaled)
        {
            value.TryFormat(target, out written, fixedFormat, CultureInfo.InvariantCulture);
            return Trim(target, written, digits);
        }

        return WriteScaled(target, (long)scaled, digits);
    }

    private int WriteScaled(Span<byte> target, long scaled, int digits)
    {
        var at = 0;
        if (scaled < 0)
        {
            target[at++] = (byte)'-';
            scaled = -scaled;
        }

        while (digits > 0 && digits > least && scaled % 10 == 0)
        {
            scaled /= 10;
            digits--;
        }

        var (whole, fraction) = digits == 0 ? (scaled, 0) : Math.DivRem(scaled, PowersOfTen[digits]);
        Utf8Formatter.TryFormat(whole, target[at..], out var written);
        at += written;
        if (digits > 0)
        {
            target[at] = (byte)'.';
            for (var i = at + digits; i > at; i--, fraction /= 10)
            {
                target[i] = (byte)('0' + (fraction % 10));
            }

            at += digits + 1;
        }

        return at + Pad(target[at..], digits);
    }

    private int Trim(Span<byte> target, int written, int digits)
    {
        while (digits > 0 && digits > least && target[written - 1] == '0')
        {
            written--;
            digits--;
        }

        written -= digits == 0 && target[written - 1] == '.' ? 1 : 0;
        return written + Pad(target[written..], digits);
    }

    // Zeros that the format asks for beyond the places of the value.
    private int Pad(Span<byte> target, int digits)
    {
        if (digits >= least)
        {
            return 0;
        }

        var at = 0;
        if (digits == 0)
        {
            target[at++] = (byte)'.';
        }

        target.Slice(at, least - digits).Fill((byte)'0');
        return at + least - digits;
    }
}

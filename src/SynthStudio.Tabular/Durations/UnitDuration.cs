using System.Text;

namespace SynthStudio.Tabular;

/// <summary>A number and a unit: <c>90 min</c>, <c>1.5 h</c>, <c>1 day</c>. The pattern is a number's format and the word for several: <c>0.0 h</c>.</summary>
internal sealed class UnitDuration : ISpelling
{
    private readonly byte[] one, several;
    private readonly double unit;
    private readonly NumberWriter writer;

    private UnitDuration(string pattern, string space, string one, string several, double unit, NumberWriter writer)
    {
        Pattern = pattern;
        this.one = Encoding.ASCII.GetBytes(space + one);
        this.several = Encoding.ASCII.GetBytes(space + several);
        this.unit = unit;
        this.writer = writer;
    }

    public string Pattern { get; }

    public int MostBytes => NumberWriter.MostBytes + several.Length;

    public static bool TryParse(string pattern, out UnitDuration format)
    {
        format = null!;
        var end = pattern.AsSpan().IndexOfAnyExcept("0.#");
        if (end <= 0 || !NumberFormat.TryParse(pattern[..end], out _))
        {
            return false;
        }

        var spaced = pattern[end] == ' ';
        var several = pattern[(spaced ? end + 1 : end)..];
        if (!DurationUnits.TryGet(several, out var one, out var unit))
        {
            return false;
        }

        var number = new ColumnSchema { Name = "duration", Kind = ColumnKind.Decimal, DecimalPlaces = Math.Max(0, end - 2), Format = pattern[..end] };
        format = new UnitDuration(pattern, spaced ? " " : "", one, several, unit, new NumberWriter(number));
        return true;
    }

    public bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        value = double.NaN;
        var digits = text.IndexOfAnyExcept(DurationUnits.OfNumbers);
        if (digits <= 0)
        {
            return false;
        }

        var number = NumberText.Read(text[..digits]);
        var word = text[digits..];
        value = number.Value * unit;
        return number.Shape == NumberShape.Plain && (word.SequenceEqual(several) || (number.Value == 1 && word.SequenceEqual(one)));
    }

    public int Write(Span<byte> target, double value)
    {
        var written = writer.Write(target, value / unit);
        var word = written == 1 && target[0] == '1' ? one : several;
        word.CopyTo(target[written..]);
        return written + word.Length;
    }
}

namespace SynthStudio.Tabular;

/// <summary>Moments and times of day as formulas and rules spell them: ISO 8601, the seconds and the time optional.</summary>
internal static class IsoMoments
{
    private static readonly MomentFormat[] Moments = Formats(
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mmK");

    private static readonly MomentFormat[] Times = Formats("HH:mm", "HH:mm:ss.FFFFFFF");

    public static bool TryRead(ReadOnlySpan<byte> text, ExpressionType type, out double seconds) => TryRead(text, type, out seconds, out _);

    /// <summary>Reads a value of a column: one that names its offset from UTC is the local time of a column that is written in one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, ColumnSchema column, out double seconds)
    {
        var isRead = TryRead(text, column.Kind == ColumnKind.Time ? ExpressionType.Time : ExpressionType.Moment, out seconds, out var isZoned);
        seconds += isZoned ? 60.0 * CellText.FixedOffset(column) : 0;
        return isRead;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, ExpressionType type, out double seconds, out bool isZoned)
    {
        foreach (var format in type == ExpressionType.Time ? Times : Moments)
        {
            isZoned = format.HasOffset;
            if (format.TryRead(text, out seconds))
            {
                return true;
            }
        }

        (seconds, isZoned) = (double.NaN, false);
        return false;
    }

    private static MomentFormat[] Formats(params string[] patterns) =>
        Array.ConvertAll(patterns, p => MomentFormat.TryParse(p, out var format) ? format : throw new InvalidOperationException(p));
}

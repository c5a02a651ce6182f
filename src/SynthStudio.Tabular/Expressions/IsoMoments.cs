namespace SynthStudio.Tabular;

/// <summary>Moments and times of day as formulas and rules spell them: ISO 8601, the seconds and the time optional.</summary>
internal static class IsoMoments
{
    private static readonly MomentFormat[] Moments = Formats(
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK");

    private static readonly MomentFormat[] Times = Formats("HH:mm", "HH:mm:ss.FFFFFFF");

    public static bool TryRead(ReadOnlySpan<byte> text, ExpressionType type, out double seconds)
    {
        foreach (var format in type == ExpressionType.Time ? Times : Moments)
        {
            if (format.TryRead(text, out seconds))
            {
                return true;
            }
        }

        seconds = double.NaN;
        return false;
    }

    private static MomentFormat[] Formats(params string[] patterns) =>
        Array.ConvertAll(patterns, p => MomentFormat.TryParse(p, out var format) ? format : throw new InvalidOperationException(p));
}

namespace SynthStudio.Cli.Progress;

/// <summary>Times for people.</summary>
internal static class Durations
{
    /// <summary>For example <c>7 s</c>, <c>2 min 5 s</c>, <c>1 h 30 min</c>.</summary>
    public static string Short(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(Math.Max(0, time.TotalSeconds));
        return seconds < 60 ? $"{seconds} s"
            : seconds < 3600 ? $"{seconds / 60} min {seconds % 60} s"
            : $"{seconds / 3600} h {seconds % 3600 / 60} min";
    }
}

namespace SynthStudio.Api.Services;

internal static class Clock
{
    /// <summary>The time in whole microseconds, as the catalog keeps it: what a creation answers is what a later read answers.</summary>
    public static DateTimeOffset Now(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}

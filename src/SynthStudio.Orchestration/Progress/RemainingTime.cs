namespace SynthStudio.Orchestration;

/// <summary>
/// The time a job still needs, from an exponential moving average of its speed; absent until 3 % or 10 s have passed in this attempt.
/// Where the worker knows how long its step takes, that counts, plus the later steps at the average speed.
/// </summary>
/// <param name="FirstTime">When this attempt was first seen.</param>
/// <param name="FirstFraction">How far it was then.</param>
/// <param name="LastTime">When it was last seen.</param>
/// <param name="LastFraction">How far it was then.</param>
/// <param name="PerSecond">Share of the whole done in a second, averaged.</param>
/// <param name="Step">The worker's own word on its step.</param>
/// <param name="Later">Share of the whole after that step.</param>
public sealed record RemainingTime(
    DateTimeOffset? FirstTime,
    double FirstFraction,
    DateTimeOffset LastTime,
    double LastFraction,
    double PerSecond,
    TimeSpan? Step,
    double Later)
{
    private const double EnoughFraction = 0.03;
    private const double EnoughSeconds = 10;
    private const double HalfLifeSeconds = 10;

    public static RemainingTime Unknown { get; } = new(null, 0, default, 0, 0, null, 0);

    /// <summary>Takes in how far the job is at <paramref name="now"/>.</summary>
    public RemainingTime Observe(double fraction, DateTimeOffset now, TimeSpan? step, double? later)
    {
        var word = this with { Step = later is null ? null : step, Later = later ?? 0 };
        if (FirstTime is null) return word with { FirstTime = now, FirstFraction = fraction, LastTime = now, LastFraction = fraction };

        var seconds = (now - LastTime).TotalSeconds;
        if (seconds <= 0 || fraction <= LastFraction) return word;

        var speed = (fraction - LastFraction) / seconds;
        var weight = PerSecond == 0 ? 1 : 1 - Math.Pow(2, -seconds / HalfLifeSeconds);
        return word with { LastTime = now, LastFraction = fraction, PerSecond = PerSecond + (weight * (speed - PerSecond)) };
    }

    /// <summary>Expected time from <paramref name="fraction"/> to the end; null while there is too little to go by.</summary>
    public TimeSpan? ToEnd(double fraction)
    {
        if (fraction >= 1) return TimeSpan.Zero;
        if (FirstTime is not { } first || PerSecond <= 0) return null;
        if (LastFraction - FirstFraction < EnoughFraction && (LastTime - first).TotalSeconds < EnoughSeconds) return null;

        var seconds = Step is { } step ? step.TotalSeconds + (Later / PerSecond) : (1 - fraction) / PerSecond;
        return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
    }
}

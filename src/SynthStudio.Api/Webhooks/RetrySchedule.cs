using System.Security.Cryptography;

namespace SynthStudio.Api.Webhooks;

/// <summary>When what failed is tried again: pauses that grow, each of them varied by a fifth so that not all come back at once.</summary>
internal static class RetrySchedule
{
    private const double Growth = 3;
    private const double PauseGrowth = 2;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(6);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Delay of a delivery after an attempt, 1 for the first: with 5 s at first 15 s, 45 s, … up to six hours.</summary>
    public static TimeSpan AfterAttempt(int attempt, TimeSpan first) => Varied(first, Math.Pow(Growth, attempt - 1), LongestDelay);

    /// <summary>Pause of a receiver that is down, after so many failures in a row, at least 1: with 5 s at first 10 s, 20 s, … up to ten minutes.</summary>
    public static TimeSpan AfterFailures(int failures, TimeSpan first) => Varied(first, Math.Pow(PauseGrowth, failures - 1), LongestPause);

    private static TimeSpan Varied(TimeSpan first, double growth, TimeSpan longest) =>
        TimeSpan.FromSeconds(Math.Min(first.TotalSeconds * growth, longest.TotalSeconds) * (0.8 + (RandomNumberGenerator.GetInt32(401) / 1000.0)));
}

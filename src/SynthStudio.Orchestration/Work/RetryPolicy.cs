namespace SynthStudio.Orchestration;

/// <summary>When a failed or lost piece of work is tried again.</summary>
public static class RetryPolicy
{
    /// <summary>Further attempts after a failure that is not the user's, counted anew after durable progress.</summary>
    public const int MaxRetries = 3;

    /// <summary>Leases lost in a row, without durable progress, after which the work itself is suspected.</summary>
    public const int MaxLosses = 3;

    /// <summary>The wait before attempt <paramref name="failures"/> + 1: 2, 4, 8 s; null when there is none.</summary>
    public static TimeSpan? DelayAfter(WorkErrorClass errorClass, int failures) =>
        errorClass == WorkErrorClass.User || failures > MaxRetries ? null : TimeSpan.FromSeconds(Math.Pow(2, failures));
}

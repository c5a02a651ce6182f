namespace SynthStudio.Orchestration;

/// <summary>When a failed or lost piece of work is tried again.</summary>
public static class RetryPolicy
{
    /// <summary>Further attempts after a failure that is not the user's, counted anew after durable progress.</summary>
    public const int MaxRetries = 3;

    /// <summary>Leases lost in a row, without durable progress, after which the work itself is suspected.</summary>
    public const int MaxLosses = 3;

    /// <summary>The wait after a first failure, of whatever kind.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait, for a store that does not serve.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How often in a row a job may meet this failure, where it is the store's, which no job can help and every job meets alike: one that
    /// does not answer for a day, one that is full for half an hour (a silo's own disk may be meant), one that refuses for as long as it
    /// takes to see that it means it. Null for any other failure.
    /// </summary>
    public static int? MostOutages(WorkError error) => error switch
    {
        { Class: WorkErrorClass.Resource, Reason: WorkError.StorageUnavailable } => 290,
        { Class: WorkErrorClass.Resource, Reason: WorkError.StorageFull } => 12,
        { Class: WorkErrorClass.Resource, Reason: WorkError.StorageRefused } => 6,
        _ => null,
    };

    /// <summary>
    /// Whether a failure is likely the silo's: another job would have met it there, and this one would not meet it elsewhere. A worker that crashes, or fills a
    /// disk, is likely its job's as soon as it has begun.
    /// </summary>
    public static bool IsOfSilo(WorkError error, bool hasBegun) => error.Reason switch
    {
        "WORKER_NOT_STARTED" or "FILE_MISSING" or "INPUT_OUTPUT" => true,
        "WORKER_CRASHED" or "DISK_FULL" or WorkError.StorageFull => !hasBegun, // Before it has begun nothing is written but to the silo's own disk.
        _ => false,
    };

    /// <summary>The wait before attempt <paramref name="failures"/> + 1: 2, 4, 8 s; null when there is none.</summary>
    public static TimeSpan? DelayAfter(WorkErrorClass errorClass, int failures) =>
        errorClass == WorkErrorClass.User || failures > MaxRetries ? null : TimeSpan.FromSeconds(Math.Pow(2, failures));

    /// <summary>The wait after the <paramref name="outages"/>-th failure of a store in a row: 2, 4, 8 s and so on, to <see cref="LongestWait"/>.</summary>
    public static TimeSpan DelayAfterOutage(int outages) => TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, outages)));
}

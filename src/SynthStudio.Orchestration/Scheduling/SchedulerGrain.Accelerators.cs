namespace SynthStudio.Orchestration;

/// <summary>Keeps projects from taking more of accelerators in a month than they may. What runs goes on: it is what comes after that waits.</summary>
public sealed partial class SchedulerGrain
{
    private IReadOnlyDictionary<string, TimeSpan> acceleratorTime = new Dictionary<string, TimeSpan>();

    /// <summary>Reads what projects took, where a limit asks for that; between sweeps what was read last counts.</summary>
    private async Task ReadAcceleratorTimeAsync()
    {
        if (options.Value.MaxAcceleratorSecondsPerMonthPerProject > 0 || store.State.Shares.Values.Any(share => share.MaxAcceleratorSecondsPerMonth > 0))
            acceleratorTime = await leases.AcceleratorTimeAsync(MonthOf(time.GetUtcNow()), CancellationToken.None);
    }

    /// <summary>The projects that have taken all that they may of this month.</summary>
    private HashSet<string> WithoutAcceleratorTime() =>
    [
        .. acceleratorTime
            .Where(taken => ShareOf(taken.Key).MaxAcceleratorSecondsPerMonth is > 0 and var most && taken.Value.TotalSeconds >= most)
            .Select(taken => taken.Key),
    ];

    private static DateTimeOffset MonthOf(DateTimeOffset now) => new(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
}

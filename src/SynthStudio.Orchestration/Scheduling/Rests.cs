namespace SynthStudio.Orchestration;

/// <summary>
/// Which jobs of the queue rest after a failure. Until when is told by their owners' clocks, which may be wrong, and is compared once with
/// the one here, which may be too: so a rest is no shorter than the shortest and no longer than the longest that there is, and passes by a
/// clock that nobody sets.
/// </summary>
/// <param name="time">The clocks of the machine.</param>
internal sealed class Rests(TimeProvider time)
{
    /// <summary>An owner's time is finer than what a store keeps of it.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    private readonly SteadyClock clock = new(time);
    private Dictionary<string, Rest> rests = [];

    /// <summary>The jobs that rest now. Those that are not in the queue any more are forgotten.</summary>
    public HashSet<string> Of(IEnumerable<QueuedWork> queue)
    {
        var (before, now) = (rests, clock.Now);
        rests = [];
        foreach (var work in queue)
        {
            if (work.Item is not { Job: var job, NotBefore: { } asked }) continue;

            rests[job] = before.TryGetValue(job, out var known) && (known.Asked - asked).Duration() < Rounding ? known : new(asked, now + LengthOf(asked));
        }

        return rests.Where(rest => rest.Value.Until > now).Select(rest => rest.Key).ToHashSet();
    }

    private TimeSpan LengthOf(DateTimeOffset asked)
    {
        var length = asked - time.GetUtcNow();
        return length < RetryPolicy.ShortestWait ? RetryPolicy.ShortestWait : length > RetryPolicy.LongestWait ? RetryPolicy.LongestWait : length;
    }

    /// <summary>One rest.</summary>
    /// <param name="Asked">Its end, by its owner's clock.</param>
    /// <param name="Until">Its end, by the steady one.</param>
    private readonly record struct Rest(DateTimeOffset Asked, DateTimeOffset Until);
}

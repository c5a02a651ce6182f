namespace SynthStudio.Orchestration;

/// <summary>
/// A clock that nobody sets: it says when it was made, and what has passed since. For waits within one process; what other clocks say is
/// not to be compared with it.
/// </summary>
/// <param name="time">The clocks of the machine.</param>
internal sealed class SteadyClock(TimeProvider time)
{
    private readonly DateTimeOffset origin = time.GetUtcNow();
    private readonly long began = time.GetTimestamp();

    public DateTimeOffset Now => origin + time.GetElapsedTime(began);
}

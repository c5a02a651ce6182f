namespace SynthStudio.Synthesis.Training;

/// <summary>
/// <see cref="FitRequest.MaxTime"/>, counted from the beginning of a training. Methods that learn step by step make as many steps as fit into what is
/// left; the others are done in time or refuse.
/// </summary>
/// <param name="method">For the error.</param>
/// <param name="request">What was asked for.</param>
/// <param name="time">The clock.</param>
internal sealed class TimeLimit(string method, FitRequest request, TimeProvider time)
{
    /// <summary>Timers know no longer time; nobody waits for it either.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private readonly long began = time.GetTimestamp();

    /// <summary>
    /// Time left to learn in, when <paramref name="share"/> of the limit is for learning and the rest for what
    /// follows; null without a limit.
    /// </summary>
    /// <exception cref="SynthesisException">The limit is over, and no earlier attempt left a checkpoint to end with.</exception>
    public TimeSpan? Left(double share = 1)
    {
        if (request.MaxTime is not { } given) return null;
        var elapsed = time.GetElapsedTime(began);
        if (request.HasCheckpoints) return TimeSpan.FromTicks(Math.Max((given * share - elapsed).Ticks, 1));
        return elapsed < given
            ? TimeSpan.FromTicks(Math.Max((given * share - elapsed).Ticks, (given - elapsed).Ticks / 2 + 1)) // What came before took from both.
            : throw BeforeFirst(elapsed, given);
    }

    /// <summary>Whether the time is over; never without a limit.</summary>
    public bool IsOver => request.MaxTime is { } given && time.GetElapsedTime(began) >= given;

    /// <summary>For methods that leave no checkpoints.</summary>
    /// <exception cref="SynthesisException">The limit is over.</exception>
    public void DemandLeft()
    {
        if (IsOver) throw BeforeFirst(time.GetElapsedTime(began), request.MaxTime!.Value);
    }

    /// <summary>Does what comes before the first step, such as encoding the table.</summary>
    /// <param name="work">The work; its token is cancelled when the time is over, unless an earlier attempt left a checkpoint to end with.</param>
    /// <param name="cancellation">Of the training.</param>
    /// <exception cref="SynthesisException">The time was over before.</exception>
    public T BeforeFirstStep<T>(Func<CancellationToken, T> work, CancellationToken cancellation) => request.MaxTime is { } given && !request.HasCheckpoints
        ? Within(given, work, () => Over($"The {Words(given)} given were over before the first step: give the training more time, or fewer rows."), cancellation)
        : work(cancellation);

    /// <summary>Does work that is of no use before its end.</summary>
    /// <param name="work">The work; its token is cancelled when the time is over.</param>
    /// <param name="cancellation">Of the training.</param>
    /// <exception cref="SynthesisException">It did not end in time.</exception>
    public T Whole<T>(Func<CancellationToken, T> work, CancellationToken cancellation) =>
        request.MaxTime is { } given ? Within(given, work, () => TooShort(given), cancellation) : work(cancellation);

    private T Within<T>(TimeSpan given, Func<CancellationToken, T> work, Func<SynthesisException> tooLate, CancellationToken cancellation)
    {
        if (given > Longest) return work(cancellation);
        var left = given - time.GetElapsedTime(began);
        if (left <= TimeSpan.Zero) throw tooLate();
        using var over = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        try
        {
            return work(either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw tooLate();
        }
    }

    private static SynthesisException BeforeFirst(TimeSpan elapsed, TimeSpan given) =>
        Over($"Before the first step {Words(elapsed)} of the {Words(given)} given were over: give the training more time.");

    private SynthesisException TooShort(TimeSpan given) => Over(
        $"The method '{method}' did not end in {Words(given)}, and has nothing to show before: give it more time, or take a method that learns step by step, such as autoregressive.");

    private static SynthesisException Over(string message) => new(SynthesisError.TimeTooShort, message, "max_time");

    private static string Words(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.##} s");
}

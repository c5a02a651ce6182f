namespace SynthStudio.Synthesis.Training;

/// <summary>
/// <see cref="FitRequest.MaxTime"/>, counted from the beginning of a training. Methods that learn step by step make as many steps as fit into what is
/// left; the others are done in time or refuse.
/// </summary>
/// <param name="method">For the error.</param>
/// <param name="limit">Null does not limit.</param>
/// <param name="time">The clock.</param>
internal sealed class TimeLimit(string method, TimeSpan? limit, TimeProvider time)
{
    private readonly long began = time.GetTimestamp();

    /// <summary>Time left to learn in, when <paramref name="share"/> of the limit is for learning and the rest for what follows; null without a limit.</summary>
    /// <exception cref="SynthesisException">The limit is over.</exception>
    public TimeSpan? Left(double share = 1)
    {
        if (limit is not { } given) return null;
        var elapsed = time.GetElapsedTime(began);
        return elapsed < given
            ? TimeSpan.FromTicks(Math.Max((given * share - elapsed).Ticks, (given - elapsed).Ticks / 2 + 1)) // What came before took from both.
            : throw Over($"Before the first step {Words(elapsed)} of the {Words(given)} given were over: give the training more time.");
    }

    /// <summary>Does work that is of no use before its end.</summary>
    /// <param name="work">The work; its token is cancelled when the time is over.</param>
    /// <param name="cancellation">Of the training.</param>
    /// <exception cref="SynthesisException">It did not end in time.</exception>
    public T Whole<T>(Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        if (limit is not { } given) return work(cancellation);
        using var over = new CancellationTokenSource(given, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        try
        {
            return work(either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw Over(
                $"The method '{method}' did not end in {Words(given)}, and has nothing to show before: give it more time, or take a method that learns step by step, such as autoregressive.");
        }
    }

    private static SynthesisException Over(string message) => new(SynthesisError.TimeTooShort, message, "max_time");

    private static string Words(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.##} s");
}

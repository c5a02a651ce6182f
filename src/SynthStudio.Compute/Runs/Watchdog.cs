using SynthStudio.Worker.V1;

namespace SynthStudio.Compute;

/// <summary>
/// Listens to one worker at its job and kills it when it hangs: when it says nothing at all (it is stopped, or its runtime is stuck); when it says
/// only that it lives and takes no processor time (its threads wait for each other); when it was asked to pause and says only that it lives. A
/// job is never killed for computing long: that is what limits of attempts are for.
/// </summary>
/// <remarks>
/// Time counts while the worker is listened to, by a timer that does not catch up: a silo that was stopped itself, or is busy storing what the
/// worker made, does not take its own silence for the worker's.
/// </remarks>
internal sealed class Watchdog : IDisposable
{
    /// <summary>How often it looks within the shortest limit.</summary>
    private const int Looks = 10;

    /// <summary>A process whose threads all wait takes some processor time still: less than this share of one processor.</summary>
    private const double IdleShare = 0.01;

    private readonly ComputeOptions options;
    private readonly Action<string> bitten;
    private readonly Lock gate = new();
    private readonly TimeSpan period;
    private readonly PeriodicTimer timer;
    private bool listens = true;
    private bool pauseWished;
    private TimeSpan silent;
    private TimeSpan idle;
    private TimeSpan withoutWord;
    private TimeSpan? processorTime;

    /// <param name="worker">A process that is about to get its order.</param>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="bitten">Told how it hung, before it is killed.</param>
    public Watchdog(WorkerProcess worker, ComputeOptions options, TimeProvider time, Action<string> bitten)
    {
        (Worker, this.options, this.bitten) = (worker, options, bitten);
        period = new[] { options.SilenceLimit, options.StallLimit, options.PauseGrace }.Min() / Looks;
        timer = new PeriodicTimer(period, time);
        _ = WatchAsync();
    }

    public WorkerProcess Worker { get; }

    /// <summary>How it hung, as words that follow "the worker process"; null while it is not killed.</summary>
    public string? Hang { get; private set; }

    /// <summary>The worker's next message, other than that it lives; null when there will be none, because it left or was killed.</summary>
    public async Task<WorkerOutput?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Listen();
            var message = await Worker.ReadAsync(cancellation);
            Hear(message);
            if (message?.Heartbeat is null) return message;
        }
    }

    /// <summary>The worker was asked to write a checkpoint and leave.</summary>
    public void ExpectPause()
    {
        lock (gate) (pauseWished, withoutWord) = (true, TimeSpan.Zero);
    }

    public void Dispose() => timer.Dispose();

    private void Listen()
    {
        lock (gate) listens = true;
    }

    private void Hear(WorkerOutput? message)
    {
        lock (gate)
        {
            listens = false;
            silent = TimeSpan.Zero;
            if (message?.Heartbeat is not { } heartbeat)
            {
                withoutWord = idle = TimeSpan.Zero;
            }
            else if (heartbeat.ProcessorTime.ToTimeSpan() is var taken && !(taken - processorTime < options.StallLimit * IdleShare))
            {
                (processorTime, idle) = (taken, TimeSpan.Zero);
            }
        }
    }

    private async Task WatchAsync()
    {
        while (await timer.WaitForNextTickAsync())
        {
            if (Look() is not { } hang) continue;

            bitten(hang);
            Worker.Kill();
            return;
        }
    }

    private string? Look()
    {
        lock (gate)
        {
            if (!listens) return null;

            silent += period;
            if (processorTime is not null) idle += period; // Until its first heartbeat it is silent.
            withoutWord += period;
            return Hang = silent >= options.SilenceLimit ? $"said nothing for {silent.TotalSeconds:0.#} s, not even that it lives, and was killed"
                : idle >= options.StallLimit ? $"said nothing for {idle.TotalSeconds:0.#} s but that it lives, took no processor time, and was killed"
                : pauseWished && withoutWord >= options.PauseGrace ? $"was asked to pause, said nothing for {withoutWord.TotalSeconds:0.#} s but that it lives, and was killed"
                : null;
        }
    }
}

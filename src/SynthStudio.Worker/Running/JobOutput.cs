using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>
/// What a job tells the silo, in order, without ever waiting for it. Progress comes at most every
/// <see cref="ProgressInterval"/>, except that the last word on each step is never lost.
/// </summary>
internal sealed class JobOutput : IAsyncDisposable
{
    /// <summary>Least time between two progress messages of the same step.</summary>
    public static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly Channel<WorkerOutput> queue = Channel.CreateUnbounded<WorkerOutput>(new() { SingleReader = true });
    private readonly MessageChannel<WorkerInput, WorkerOutput> channel;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private readonly Task pump;
    private WorkerOutput? waiting;
    private string step = "";
    private long lastProgress;
    private double? epsilon;
    private (Func<string> Event, double Epsilon)? spent;
    private readonly bool traced;
    private StepEnded? running;

    /// <param name="channel">To the silo.</param>
    /// <param name="time">The clock.</param>
    /// <param name="traced">Whether the silo is told when each step began and ended.</param>
    public JobOutput(MessageChannel<WorkerInput, WorkerOutput> channel, TimeProvider time, bool traced)
    {
        this.traced = traced;
        this.channel = channel;
        this.time = time;
        timer = time.CreateTimer(_ => Locked(SendWaiting), null, ProgressInterval, ProgressInterval);
        pump = PumpAsync();
    }

    /// <summary>Says where the work stands.</summary>
    /// <param name="step">The step's name in the protocol.</param>
    /// <param name="fraction">Share of the step that is done, 0 to 1.</param>
    /// <param name="remaining">Expected time to the end of the step; null when not known.</param>
    /// <param name="metrics">Measurements by their names in the protocol; values that are not finite are left out.</param>
    public void Progress(string step, double fraction, TimeSpan? remaining = null, params ReadOnlySpan<(string Name, double? Value)> metrics)
    {
        var progress = new Progress { Step = step, Fraction = Math.Clamp(fraction, 0, 1) };
        if (remaining is { } left && left >= TimeSpan.Zero)
        {
            progress.Remaining = Duration.FromTimeSpan(left);
        }

        foreach (var (name, value) in metrics)
        {
            if (value is { } known && double.IsFinite(known))
            {
                progress.Metrics[name] = known;
            }
        }

        lock (gate)
        {
            if (epsilon is { } soFar) progress.Epsilon = soFar;
            if (traced && running?.Step != step) Enter(step);
            Throttle(Stamped(new WorkerOutput { Progress = progress }));
        }
    }

    /// <summary>Says what a private training has spent; every later progress says it too. Comes as often as progress, the last word always.</summary>
    /// <param name="eventJson">Writes the events, when they are sent.</param>
    /// <param name="total">The epsilon so far.</param>
    public void Spent(Func<string> eventJson, double total)
    {
        lock (gate)
        {
            epsilon = total;
            spent = (eventJson, total);
            if (time.GetElapsedTime(lastProgress) >= ProgressInterval) SendWaiting();
        }
    }

    public void Checkpoint(string path, long optimiserStep) =>
        Send(new WorkerOutput { Checkpoint = new CheckpointWritten { Path = path, Step = optimiserStep } });

    public void Part(string path, int number, long rows) =>
        Send(new WorkerOutput { Part = new PartWritten { Path = path, Number = number, Rows = rows } });

    public void Log(string level, string message) =>
        Send(new WorkerOutput { Log = new LogLine { Level = level, Message = message } });

    /// <summary>Sends any message after what was said before.</summary>
    public void Send(WorkerOutput message)
    {
        lock (gate)
        {
            SendWaiting();
            queue.Writer.TryWrite(Stamped(message));
        }
    }

    /// <summary>Sends the last message and waits until the silo's pipe has taken everything.</summary>
    /// <exception cref="IOException">The silo is gone.</exception>
    public async Task EndAsync(WorkerOutput last)
    {
        Locked(EndStep);
        Send(last);
        queue.Writer.TryComplete();
        await pump;
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        queue.Writer.TryComplete();
        await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The message with the time at which it was said; progress that is held back keeps its own.</summary>
    private WorkerOutput Stamped(WorkerOutput message)
    {
        message.Time = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        return message;
    }

    private void Enter(string next)
    {
        EndStep();
        running = new StepEnded { Step = next, BeginTime = Timestamp.FromDateTimeOffset(time.GetUtcNow()) };
    }

    private void EndStep()
    {
        if (running is null) return;

        SendWaiting();
        running.EndTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        queue.Writer.TryWrite(Stamped(new WorkerOutput { StepEnded = running }));
        running = null;
    }

    private void Throttle(WorkerOutput message)
    {
        var progress = message.Progress;
        var sameStep = progress.Step == step;
        if (!sameStep)
        {
            SendWaiting();
        }

        waiting = message;
        step = progress.Step;
        if (!sameStep || progress.Fraction >= 1 || time.GetElapsedTime(lastProgress) >= ProgressInterval)
        {
            SendWaiting();
        }
    }

    private void SendWaiting()
    {
        if (spent is var (write, total))
        {
            queue.Writer.TryWrite(Stamped(new WorkerOutput { PrivacySpent = new PrivacySpent { EventJson = write(), Epsilon = total } }));
            spent = null;
            lastProgress = time.GetTimestamp();
        }

        if (waiting is not null)
        {
            queue.Writer.TryWrite(waiting);
            lastProgress = time.GetTimestamp();
            waiting = null;
        }
    }

    private void Locked(Action action)
    {
        lock (gate)
        {
            action();
        }
    }

    private async Task PumpAsync()
    {
        await foreach (var message in queue.Reader.ReadAllAsync())
        {
            await channel.WriteAsync(message);
        }
    }
}

using System.Threading.Channels;
using SynthStudio.Synthesis;
using SynthStudio.Worker.Jobs;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>
/// The life of a worker: takes an order, runs it while listening for controls, tells the end, leaves. One that is told to stay keeps the
/// model it loaded and takes the next order.
/// </summary>
internal sealed class WorkerProcess(MessageChannel<WorkerInput, WorkerOutput> channel, TimeProvider time)
{
    private readonly Channel<(JobOrder Order, JobControl Control)> orders = Channel.CreateUnbounded<(JobOrder, JobControl)>();
    private readonly Lock gate = new();
    private JobControl? current;

    /// <summary>Runs jobs and returns the exit code.</summary>
    public async Task<int> RunAsync()
    {
        _ = Task.Run(Devices.Prepare);
        var (first, exitCode) = await ReadOrderAsync();
        if (first is null)
        {
            return exitCode;
        }

        Accept(first);
        _ = ListenAsync();
        using var model = new LoadedModel();
        try
        {
            bool stays;
            do
            {
                var (order, control) = await orders.Reader.ReadAsync();
                stays = await RunAsync(order, control, model) && order.Stay;
            }
            while (stays);

            return ProcessExit.Done;
        }
        catch (IOException)
        {
            return ProcessExit.Orphaned;
        }
    }

    /// <summary>Runs one job; true when it was completed.</summary>
    private async Task<bool> RunAsync(JobOrder order, JobControl control, LoadedModel model)
    {
        await using var output = new JobOutput(channel, time, JobTrace.IsSampled(order));
        try
        {
            var end = await RunWithHeartbeatAsync(new JobContext(order, output, control, model, time));
            await output.EndAsync(end);
            return end.Completed is not null;
        }
        finally
        {
            Forget(control);
        }
    }

    private async Task<WorkerOutput> RunWithHeartbeatAsync(JobContext context)
    {
        using var heartbeat = new WorkerHeartbeat(channel, WorkerHeartbeat.Interval);
        return await Task.Factory.StartNew(() => RunJob(context), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private async Task<(JobOrder? Order, int ExitCode)> ReadOrderAsync()
    {
        try
        {
            var first = await channel.ReadAsync();
            if (first?.Order is { } order)
            {
                return (order, ProcessExit.Done);
            }

            await Console.Error.WriteLineAsync(
                first is null ? "The input ended before an order came." : "The first message is not an order.");
            return (null, first is null ? ProcessExit.Orphaned : ProcessExit.BadConversation);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"The input is not a worker order: {e.Message} This program is started by SynthStudio, not by hand.");
            return (null, ProcessExit.BadConversation);
        }
    }

    /// <summary>Follows the silo's wishes and takes its orders; when it is gone, or talks nonsense, so is this process.</summary>
    private async Task ListenAsync()
    {
        try
        {
            while (await channel.ReadAsync() is { } message)
            {
                if (message.Order is { } order)
                {
                    Accept(order);
                }
                else
                {
                    Apply(message.Control?.Wish ?? Control.Types.Wish.Unspecified);
                }
            }

            ProcessExit.Now(ProcessExit.Orphaned);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"The input broke: {e.Message}");
            ProcessExit.Now(ProcessExit.BadConversation);
        }
    }

    /// <summary>From here on wishes are about this order.</summary>
    private void Accept(JobOrder order)
    {
        var control = new JobControl();
        lock (gate)
        {
            current = control;
        }

        orders.Writer.TryWrite((order, control));
    }

    /// <summary>A wish that comes when the job is over says nothing about the next one.</summary>
    private void Apply(Control.Types.Wish wish)
    {
        lock (gate)
        {
            current?.Apply(wish);
        }
    }

    private void Forget(JobControl control)
    {
        lock (gate)
        {
            current = current == control ? null : current;
            control.Dispose();
        }
    }

    private static WorkerOutput RunJob(JobContext context)
    {
        try
        {
            Directory.CreateDirectory(context.Order.ScratchFolder);
            var job = JobKinds.For(context.Order);
            context.Output.Send(new WorkerOutput { Started = new Started { ProcessId = Environment.ProcessId, Device = job.DeviceName } });
            var completed = job.Run(context);
            completed.PeakMemoryBytes = ProcessMemory.PeakBytes();
            return new WorkerOutput { Completed = completed };
        }
        catch (TrainingPausedException)
        {
            return new WorkerOutput { Paused = new Paused() };
        }
        catch (Exception e)
        {
            return new WorkerOutput { Failed = JobFailure.From(e, context.Cancellation.IsCancellationRequested) };
        }
    }
}

using SynthStudio.Synthesis;
using SynthStudio.Worker.Jobs;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>The life of a worker: takes one order, runs it while listening for controls, tells the end, leaves.</summary>
internal sealed class WorkerProcess(MessageChannel<WorkerInput, WorkerOutput> channel, TimeProvider time)
{
    /// <summary>Runs one job and returns the exit code.</summary>
    public async Task<int> RunAsync()
    {
        var (order, exitCode) = await ReadOrderAsync();
        if (order is null)
        {
            return exitCode;
        }

        using var control = new JobControl();
        _ = ListenAsync(control);
        await using var output = new JobOutput(channel, time);
        try
        {
            var end = await Task.Factory.StartNew(
                () => RunJob(new JobContext(order, output, control, time)),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            await output.EndAsync(end);
            return ProcessExit.Done;
        }
        catch (IOException)
        {
            return ProcessExit.Orphaned;
        }
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

    /// <summary>Follows the silo's wishes; when it is gone, or talks nonsense, so is this process.</summary>
    private async Task ListenAsync(JobControl control)
    {
        try
        {
            while (await channel.ReadAsync() is { } message)
            {
                control.Apply(message.Control?.Wish ?? Control.Types.Wish.Unspecified);
            }

            ProcessExit.Now(ProcessExit.Orphaned);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"The input broke: {e.Message}");
            ProcessExit.Now(ProcessExit.BadConversation);
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

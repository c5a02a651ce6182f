using System.Diagnostics;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Protocol;

/// <summary>A started worker process and the conversation with it.</summary>
public sealed class WorkerHandle : IAsyncDisposable
{
    private readonly Process process;
    private readonly MessageChannel<WorkerOutput, WorkerInput> channel;

    private WorkerHandle(Process process)
    {
        this.process = process;
        channel = WorkerChannel.ForSilo(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
    }

    public int ProcessId => process.Id;

    /// <summary>Starts a worker and gives it its order.</summary>
    /// <param name="executable">See <see cref="WorkerLocator.Find"/>.</param>
    /// <param name="order">The job.</param>
    /// <param name="log">Gets every line of its standard error, from another thread.</param>
    /// <param name="cancellation">Kills what was started.</param>
    /// <exception cref="IOException">The process left before it took the order.</exception>
    public static async Task<WorkerHandle> StartAsync(string executable, JobOrder order, Action<string> log, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data))
            {
                log(line.Data);
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        var worker = new WorkerHandle(process);
        try
        {
            await worker.channel.WriteAsync(new WorkerInput { Order = order }, cancellation);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>The worker's next message, or null when it has left.</summary>
    /// <exception cref="InvalidDataException">It wrote something that is not a message.</exception>
    /// <exception cref="EndOfStreamException">It died while it wrote a message.</exception>
    public ValueTask<WorkerOutput?> ReadAsync(CancellationToken cancellation) => channel.ReadAsync(cancellation);

    /// <summary>Gives the next order to a worker that stays.</summary>
    /// <exception cref="IOException">It has left.</exception>
    public ValueTask OrderAsync(JobOrder order, CancellationToken cancellation) => channel.WriteAsync(new WorkerInput { Order = order }, cancellation);

    /// <summary>Tells the worker to cancel or pause. Does nothing when it has left.</summary>
    public async ValueTask WishAsync(Control.Types.Wish wish, CancellationToken cancellation)
    {
        try
        {
            await channel.WriteAsync(new WorkerInput { Control = new Control { Wish = wish } }, cancellation);
        }
        catch (IOException)
        {
            // It has just left: its last message says how.
        }
    }

    /// <summary>Waits until the process has left and returns its exit code: 0 after completed, paused or failed.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    /// <summary>Ends the process now, whatever it does.</summary>
    public void Kill() => process.Kill();

    /// <summary>Kills the process when it still runs, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        channel.Dispose();
        process.Dispose();
    }
}

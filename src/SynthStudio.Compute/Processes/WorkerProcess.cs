using System.Collections.Concurrent;
using System.Diagnostics;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Compute;

/// <summary>One worker process: started, spoken to, killed.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentDictionary<WorkerProcess, byte> All = [];

    private readonly Process process;
    private readonly MessageChannel<WorkerOutput, WorkerInput> channel;
    private readonly LastWords lastWords = new();

    private WorkerProcess(Process process)
    {
        this.process = process;
        channel = WorkerChannel.ForSilo(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
    }

    /// <summary>The processes that this one started and that have not been seen to leave.</summary>
    public static IReadOnlyCollection<WorkerProcess> Living => [.. All.Keys];

    public int Id { get; private init; }

    public bool HasExited => process.HasExited;

    /// <summary>SHA-256 of the package whose model it has loaded; empty for a process that has done nothing yet.</summary>
    public string Model { get; set; } = "";

    /// <summary>It has done a job and stayed.</summary>
    public bool Stayed => Model.Length > 0;

    /// <summary>Its resident memory in bytes; 0 when it has left.</summary>
    public long ResidentBytes
    {
        get
        {
            try
            {
                process.Refresh();
                return process.WorkingSet64;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>Starts a worker that waits for its order.</summary>
    /// <param name="options">How workers are started.</param>
    /// <param name="device">The only accelerator it may see; null for all of them.</param>
    /// <exception cref="FileNotFoundException">There is no worker executable.</exception>
    public static WorkerProcess Start(ComputeOptions options, int? device = null)
    {
        var path = options.WorkerPath ?? WorkerLocator.Find();
        var start = new ProcessStartInfo
        {
            FileName = path.EndsWith(".dll", StringComparison.Ordinal) ? "dotnet" : path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (path.EndsWith(".dll", StringComparison.Ordinal)) start.ArgumentList.Add(path);
        foreach (var argument in options.WorkerArguments) start.ArgumentList.Add(argument);
        WorkerEnvironment.Fill(start.Environment);
        if (device is { } number) WorkerEnvironment.Restrict(start.Environment, number);

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{path} did not start.");
        var worker = new WorkerProcess(process) { Id = process.Id };
        process.ErrorDataReceived += (_, line) => worker.lastWords.Hear(line.Data);
        process.BeginErrorReadLine();
        if (options.LowPriority) worker.Yield();
        All.TryAdd(worker, 0);
        return worker;
    }

    public ValueTask OrderAsync(JobOrder order, CancellationToken cancellation) => AskAsync(new WorkerInput { Order = order }, cancellation);

    /// <summary>Asks instead of ordering; the answer is the next message.</summary>
    public ValueTask AskAsync(WorkerInput question, CancellationToken cancellation)
    {
        lastWords.Guard();
        return channel.WriteAsync(question, cancellation);
    }

    /// <summary>Tells a wish. Does nothing when the worker has left.</summary>
    public async Task WishAsync(Control.Types.Wish wish)
    {
        try
        {
            await channel.WriteAsync(new WorkerInput { Control = new Control { Wish = wish } }, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has left: its last message, or its exit, says how.
        }
    }

    /// <summary>The next message; null when there will be none, whether the worker ended well or not.</summary>
    public async Task<WorkerOutput?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await channel.ReadAsync(cancellation);
        }
        catch (Exception e) when (e is IOException)
        {
            return null;
        }
    }

    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has left already.
        }
    }

    /// <summary>How a worker left that said nothing about it; kills it when it lingers.</summary>
    public async Task<string> DescribeExitAsync()
    {
        if (!await LeavesAsync())
        {
            Kill();
            await LeavesAsync();
        }

        var how = !process.HasExited ? "does not leave" : process.ExitCode switch
        {
            137 => "was killed by the system (SIGKILL), most often for lack of memory",
            > 128 and var code => $"was ended by signal {code - 128}",
            var code => $"exited with code {code}",
        };
        return lastWords.Tell() is { Length: > 0 } words ? $"{how}; its last words: {words}" : how;
    }

    /// <summary>Closes its input, which ends it, and kills it when it lingers.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has left already.
        }

        if (!await LeavesAsync())
        {
            Kill();
            await LeavesAsync();
        }

        All.TryRemove(this, out _);
        channel.Dispose();
        process.Dispose();
    }

    private async Task<bool> LeavesAsync()
    {
        using var patience = new CancellationTokenSource(ExitPatience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return process.HasExited;
        }
    }

    private void Yield()
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has left already; reading from it says how.
        }
    }
}

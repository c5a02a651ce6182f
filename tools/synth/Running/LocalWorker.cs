using SynthStudio.Api.Services;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Runs one order by a worker process of its own: no server is needed for that.</summary>
internal sealed class LocalWorker(IProgressView view)
{
    /// <summary>Runs an order to its end.</summary>
    /// <param name="order">Makes the order; its scratch folder is set here.</param>
    /// <param name="collect">Gets the files of rows in order, and what the worker said last, while its files are still there.</param>
    /// <param name="cancellation">Stops the worker.</param>
    /// <exception cref="BadInputException">The order asks for what cannot be.</exception>
    /// <exception cref="IOException">The worker failed.</exception>
    public async Task RunAsync(JobOrder order, Func<IReadOnlyList<string>, Completed, Task> collect, CancellationToken cancellation)
    {
        var scratch = Directory.CreateTempSubdirectory("synth-");
        try
        {
            order.Job = "local";
            order.Device = "auto";
            order.ScratchFolder = scratch.FullName;
            await using var worker = await WorkerHandle.StartAsync(WorkerLocator.Find(), order, TraceLine, cancellation);
            await using var registration = cancellation.Register(() => _ = worker.WishAsync(Control.Types.Wish.Cancel, CancellationToken.None).AsTask());
            await FollowAsync(worker, collect, cancellation);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>Joins files of rows into one; only called when all have come, so that a failure leaves no half of one.</summary>
    /// <param name="pieces">The files.</param>
    /// <param name="output">The one to write.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <param name="defuser">Changes the bytes on the way; null joins them as they are.</param>
    public static async Task JoinAsync(IEnumerable<string> pieces, string output, CancellationToken cancellation, FormulaDefuser? defuser = null)
    {
        await using var file = File.Create(output);
        var buffer = new byte[1 << 18];
        foreach (var piece in pieces)
        {
            await using var source = File.OpenRead(piece);
            while (await source.ReadAsync(buffer, cancellation) is > 0 and var read)
                await file.WriteAsync(defuser?.Next(buffer.AsSpan(0, read)) ?? buffer.AsMemory(0, read), cancellation);
        }

        if (defuser is not null) await file.WriteAsync(defuser.End(), cancellation);
    }

    private async Task FollowAsync(WorkerHandle worker, Func<IReadOnlyList<string>, Completed, Task> collect, CancellationToken cancellation)
    {
        var parts = new List<string>();
        while (await worker.ReadAsync(CancellationToken.None) is { } message)
        {
            switch (message.ContentCase)
            {
                case WorkerOutput.ContentOneofCase.Progress:
                    var rows = message.Progress.Metrics.TryGetValue("rows", out var drawn) ? Counts.Of(drawn, "row") : "";
                    view.Show(new StepProgress(message.Progress.Step, message.Progress.Fraction, message.Progress.Remaining?.ToTimeSpan(), rows));
                    break;
                case WorkerOutput.ContentOneofCase.Part:
                    parts.Add(message.Part.Path);
                    break;
                case WorkerOutput.ContentOneofCase.Completed:
                    await collect(parts, message.Completed);
                    return;
                case WorkerOutput.ContentOneofCase.Failed:
                    throw Failure(message.Failed);
            }
        }

        throw new IOException($"The worker process ended unexpectedly (exit code {await worker.WaitForExitAsync(cancellation)}).");
    }

    private static Exception Failure(Failed failed) => failed.Class switch
    {
        Failed.Types.Class.Cancelled => new OperationCanceledException(failed.Message),
        Failed.Types.Class.User => new BadInputException(failed.Message),
        _ => new IOException(failed.Message),
    };

    private static void TraceLine(string line)
    {
        if (Environment.GetEnvironmentVariable("SYNTHSTUDIO_TRACE") is { Length: > 0 })
        {
            Console.Error.WriteLine(line);
        }
    }
}

using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Draws rows from a package file by a worker process of its own: no server is needed for that.</summary>
internal sealed class LocalGeneration(IProgressView view)
{
    public async Task RunAsync(FileInfo package, GenerateRequest request, CancellationToken cancellation)
    {
        var scratch = Directory.CreateTempSubdirectory("synth-");
        try
        {
            await using var worker = await WorkerHandle.StartAsync(
                WorkerLocator.Find(), Order(package, request, scratch), TraceLine, cancellation);
            await using var registration = cancellation.Register(() => _ = worker.WishAsync(Control.Types.Wish.Cancel, CancellationToken.None).AsTask());
            await CollectAsync(worker, request, cancellation);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static JobOrder Order(FileInfo package, GenerateRequest request, DirectoryInfo scratch)
    {
        var generate = new GenerateOrder
        {
            Model = package.FullName, Rows = request.Rows, Seed = request.Seed, Temperature = request.Temperature,
        };
        generate.Given.Add(request.Given.ToDictionary());
        generate.GivenMissing.Add(request.Missing);
        return new JobOrder { Job = "local", ScratchFolder = scratch.FullName, Device = "auto", Generate = generate };
    }

    /// <summary>Joins the parts into the output file when all have come: a failed drawing leaves no half of one.</summary>
    private async Task CollectAsync(WorkerHandle worker, GenerateRequest request, CancellationToken cancellation)
    {
        var parts = new List<string>();
        while (await worker.ReadAsync(CancellationToken.None) is { } message)
        {
            switch (message.ContentCase)
            {
                case WorkerOutput.ContentOneofCase.Progress:
                    var rows = message.Progress.Metrics.TryGetValue("rows", out var drawn) ? $"{drawn:N0} rows" : "";
                    view.Show(new StepProgress(message.Progress.Step, message.Progress.Fraction, message.Progress.Remaining?.ToTimeSpan(), rows));
                    break;
                case WorkerOutput.ContentOneofCase.Part:
                    parts.Add(message.Part.Path);
                    break;
                case WorkerOutput.ContentOneofCase.Completed:
                    await JoinAsync(parts, request.Output.FullName, cancellation);
                    return;
                case WorkerOutput.ContentOneofCase.Failed:
                    throw Failure(message.Failed);
            }
        }

        throw new IOException($"The worker process ended unexpectedly (exit code {await worker.WaitForExitAsync(cancellation)}).");
    }

    private static async Task JoinAsync(IEnumerable<string> pieces, string output, CancellationToken cancellation)
    {
        await using var file = File.Create(output);
        foreach (var piece in pieces)
        {
            await using var source = File.OpenRead(piece);
            await source.CopyToAsync(file, cancellation);
        }
    }

    private static Exception Failure(Failed failed) => failed.Class switch
    {
        Failed.Types.Class.Cancelled => new OperationCanceledException(failed.Message),
        Failed.Types.Class.User => new BadInputException($"{failed.Message} [{failed.Reason}]"),
        _ => new IOException($"{failed.Message} [{failed.Reason}]"),
    };

    private static void TraceLine(string line)
    {
        if (Environment.GetEnvironmentVariable("SYNTHSTUDIO_TRACE") is { Length: > 0 })
        {
            Console.Error.WriteLine(line);
        }
    }
}

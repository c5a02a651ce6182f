using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

/// <summary>One run of the real executable, to its end: what it said and how it left.</summary>
internal sealed class WorkerRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private WorkerRun(List<WorkerOutput> outputs, int exitCode, string errors)
    {
        Outputs = outputs;
        ExitCode = exitCode;
        Errors = errors;
    }

    public List<WorkerOutput> Outputs { get; }

    public int ExitCode { get; }

    /// <summary>What it wrote to standard error.</summary>
    public string Errors { get; }

    public WorkerOutput Last => Outputs[^1];

    public Completed Completed => Last.Completed ?? throw new AssertFailedException($"It ended with {Last}\n{Errors}");

    public Failed Failed => Last.Failed ?? throw new AssertFailedException($"It ended with {Last}\n{Errors}");

    public IEnumerable<Progress> Progress => Outputs.Where(o => o.Progress is not null).Select(o => o.Progress);

    /// <summary>Runs <paramref name="order"/> and calls <paramref name="onOutput"/> at each message with the worker.</summary>
    public static async Task<WorkerRun> OfAsync(JobOrder order, Func<WorkerHandle, WorkerOutput, Task>? onOutput = null)
    {
        var errors = new List<string>();
        using var patience = new CancellationTokenSource(Patience);
        await using var worker = await WorkerHandle.StartAsync(
            WorkerLocator.Find(),
            order,
            line =>
            {
                lock (errors)
                {
                    errors.Add(line);
                }
            },
            patience.Token);
        var outputs = new List<WorkerOutput>();
        while (await worker.ReadAsync(patience.Token) is { } output)
        {
            outputs.Add(output);
            if (onOutput is not null)
            {
                await onOutput(worker, output);
            }
        }

        var exitCode = await worker.WaitForExitAsync(patience.Token);
        lock (errors)
        {
            return new WorkerRun(outputs, exitCode, string.Join('\n', errors));
        }
    }
}

using Microsoft.Extensions.Logging;
using SynthStudio.Worker.Protocol;

namespace SynthStudio.Compute;

/// <summary>Has the worker executable check schema files, each in a short process of its own: a text of a user's is parsed by nobody else.</summary>
/// <param name="executable">The worker executable; null seeks it where it is built or shipped.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where the details of a failure go.</param>
internal sealed class WorkerSchemaChecker(string? executable, TimeProvider time, ILogger<WorkerSchemaChecker> logger) : ISchemaChecker, IDisposable
{
    private const string Argument = "--check-schema";
    private const int AtOnce = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim places = new(AtOnce, AtOnce);

    public async ValueTask<WorkError?> FindFaultAsync(string schemaJson, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var options = new ComputeOptions { WorkerPath = executable ?? WorkerLocator.Find(), WorkerArguments = [Argument], LowPriority = false };
            await using var worker = WorkerProcess.Start(options, logger);
            await worker.AskAsync(new() { SchemaJson = schemaJson }, limit.Token);
            var answer = await worker.ReadAsync(limit.Token);
            if (answer?.Failed is { } failed) return new WorkError(WorkErrorClass.User, failed.Reason, failed.Message, failed.Subject, failed.Row);
            if (answer?.Completed is null) MethodsLog.SchemaNotChecked(logger, null, await worker.DescribeExitAsync());
        }
        catch (Exception e) when (e is IOException or InvalidDataException or InvalidOperationException or System.ComponentModel.Win32Exception
                                  || (e is OperationCanceledException && patience.IsCancellationRequested))
        {
            MethodsLog.SchemaNotChecked(logger, e, e.Message);
        }
        finally
        {
            places.Release();
        }

        return null;
    }

    public void Dispose() => places.Dispose();
}

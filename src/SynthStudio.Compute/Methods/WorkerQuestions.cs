using Microsoft.Extensions.Logging;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Compute;

/// <summary>Asks the worker executable something about a text, each in a short process of its own: a text of a user's is parsed by nobody else.</summary>
/// <param name="executable">The worker executable; null seeks it where it is built or shipped.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where the details of a failure go.</param>
internal sealed class WorkerQuestions(string? executable, TimeProvider time, ILogger<WorkerQuestions> logger) : IDisposable
{
    private const int AtOnce = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Who asks what can do without an answer does not wait for others who do.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim places = new(AtOnce, AtOnce);
    private readonly SemaphoreSlim dispensable = new(1, 1);

    /// <summary>The worker's answer; null when there is no worker, or it does not answer, which is logged.</summary>
    /// <param name="argument">Says to the worker what it will be asked.</param>
    /// <param name="question">The question.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<WorkerOutput?> AskAsync(string argument, WorkerInput question, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            return await AnswerAsync(argument, question, cancellation);
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>
    /// The same for a question that one can do without: one at a time, so that those that are needed
    /// never wait for them; null also when too many ask.
    /// </summary>
    public async ValueTask<WorkerOutput?> AskIfFreeAsync(string argument, WorkerInput question, CancellationToken cancellation)
    {
        if (!await dispensable.WaitAsync(ShortPatience, cancellation)) return null;
        try
        {
            return await AnswerAsync(argument, question, cancellation);
        }
        finally
        {
            dispensable.Release();
        }
    }

    public void Dispose()
    {
        places.Dispose();
        dispensable.Dispose();
    }

    private async ValueTask<WorkerOutput?> AnswerAsync(string argument, WorkerInput question, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var options = new ComputeOptions { WorkerPath = executable ?? WorkerLocator.Find(), WorkerArguments = [argument], LowPriority = false };
            await using var worker = WorkerProcess.Start(options);
            await worker.AskAsync(question, limit.Token);
            if (await worker.ReadAsync(limit.Token) is { } answer)
            {
                if (answer.Failed is { Trace.Length: > 0 } failed) MethodsLog.Failed(logger, argument, failed.Trace);
                return answer;
            }

            MethodsLog.NotAnswered(logger, null, argument, await worker.DescribeExitAsync());
        }
        catch (Exception e) when (e is IOException or InvalidDataException or InvalidOperationException or System.ComponentModel.Win32Exception
                                  || (e is OperationCanceledException && patience.IsCancellationRequested))
        {
            MethodsLog.NotAnswered(logger, e, argument, e.Message);
        }

        return null;
    }
}

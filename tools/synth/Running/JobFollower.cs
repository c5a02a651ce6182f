using Grpc.Core;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Follows a job to its end, over broken connections, and cancels it when the command is interrupted.</summary>
internal sealed class JobFollower(SynthClient client, TimeProvider time)
{
    private const int MaxReconnects = 20;

    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(20);

    /// <summary>Reports every event to <paramref name="onEvent"/> and returns the job when it has succeeded.</summary>
    /// <param name="job">The job's resource name.</param>
    /// <param name="onEvent">Gets each event once, in order.</param>
    /// <param name="cancellation">The command is interrupted.</param>
    /// <param name="cancelsJob">Whether an interrupted command takes the job with it.</param>
    /// <exception cref="JobFailedException">It failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, by this command or another.</exception>
    public async Task<Job> FollowAsync(string job, Action<ProgressEvent> onEvent, CancellationToken cancellation, bool cancelsJob = true)
    {
        try
        {
            await WatchAsync(job, onEvent, cancellation);
        }
        catch (Exception e) when (cancellation.IsCancellationRequested && e is OperationCanceledException or RpcException)
        {
            if (cancelsJob)
            {
                await CancelAsync(job);
            }

            cancellation.ThrowIfCancellationRequested();
        }

        var ended = await client.Jobs.GetJobAsync(new GetJobRequest { Name = job }, cancellationToken: cancellation);
        return ended.State switch
        {
            JobState.Succeeded => ended,
            JobState.Failed => throw new JobFailedException(ended.Error),
            JobState.Cancelled => throw new OperationCanceledException($"{job} was cancelled."),
            var state => throw new InvalidOperationException($"The watch of {job} ended although the job is {state}."),
        };
    }

    /// <summary>Asks the job to stop and waits until it has, for a while.</summary>
    public async Task CancelAsync(string job)
    {
        using var patience = new CancellationTokenSource(CancelPatience, time);
        try
        {
            await client.Jobs.CancelJobAsync(new CancelJobRequest { Name = job }, cancellationToken: patience.Token);
            await WatchAsync(job, _ => { }, patience.Token);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"synth: {job} has not confirmed that it stopped.");
        }
    }

    private async Task WatchAsync(string job, Action<ProgressEvent> onEvent, CancellationToken cancellation)
    {
        var seen = 0L;
        for (var reconnects = 0; ; reconnects++)
        {
            try
            {
                using var watch = client.Jobs.WatchJob(new WatchJobRequest { Name = job, AfterSequence = seen }, cancellationToken: cancellation);
                await foreach (var progress in watch.ResponseStream.ReadAllAsync(cancellation))
                {
                    if (!progress.Heartbeat)
                    {
                        seen = progress.Sequence;
                        reconnects = 0;
                        onEvent(progress);
                    }
                }

                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && reconnects < MaxReconnects)
            {
                await Task.Delay(ReconnectDelay, time, cancellation);
            }
        }
    }
}

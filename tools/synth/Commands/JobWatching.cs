using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>Follows somebody's job on the screen. Ctrl-C leaves; the job goes on.</summary>
internal static class JobWatching
{
    public static async Task WatchAsync(ServerCall call, string name, TimeProvider time)
    {
        var job = await call.Client.Jobs.GetJobAsync(new GetJobRequest { Name = name }, cancellationToken: call.Cancellation);
        await using var view = ProgressViews.Create(time);
        var show = job.Kind == JobKind.Training ? StepNames.Training(view) : StepNames.WholeJob(view, Names.Of(job.Kind));
        var ended = await new JobFollower(call.Client, time).FollowAsync(name, show, call.Cancellation, cancelsJob: false);
        if (job.Kind != JobKind.Training)
        {
            view.Show(new StepProgress(Names.Of(job.Kind), 1));
        }

        await view.DisposeAsync();
        Console.WriteLine($"{name} is {Names.Of(ended.State)}.");
    }
}

using System.CommandLine;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth jobs</c>: list, show, watch, cancel.</summary>
internal sealed class JobsCommand(TimeProvider time)
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("JOB") { Description = "Resource name or id of the job." };

    public Command Create() => new("jobs", "List, show, watch and cancel jobs.")
    {
        server.Create("list", "List the jobs of the project, newest first.", [], ListAsync),
        server.Create("show", "Show a job as JSON.", [name], ShowAsync),
        server.Create("watch", "Follow a job to its end.", [name], WatchAsync, computes: true),
        server.Create("cancel", "Stop a job.", [name], CancelAsync),
    };

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("JOB", "KIND", "STATE", "STEP", "DONE", "FOR");
        var entries = Pages.ReadAsync(
            token => call.Client.Jobs.ListJobsAsync(
                new ListJobsRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Jobs, page => page.NextPageToken);
        await foreach (var job in entries)
        {
            table.Add(Names.Id(job.Name), Names.Of(job.Kind), Names.Of(job.State), job.Step, $"{100 * job.Fraction:0} %", job.Subject);
        }

        Console.WriteLine(table);
    }

    private async Task ShowAsync(ServerCall call)
    {
        var job = await call.Client.Jobs.GetJobAsync(new GetJobRequest { Name = Job(call) }, cancellationToken: call.Cancellation);
        Console.WriteLine(Names.Json(job));
    }

    private Task WatchAsync(ServerCall call) => JobWatching.WatchAsync(call, Job(call), time);

    private async Task CancelAsync(ServerCall call)
    {
        var job = await call.Client.Jobs.CancelJobAsync(new CancelJobRequest { Name = Job(call) }, cancellationToken: call.Cancellation);
        Console.WriteLine($"{job.Name} is {Names.Of(job.State)}.");
    }

    private string Job(ServerCall call) => call.Client.Resource("jobs", call.Parse.GetRequiredValue(name));
}

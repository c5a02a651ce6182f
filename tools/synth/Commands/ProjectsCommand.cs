using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth projects</c>: projects, what they keep, what they used, and how they go.</summary>
internal sealed class ProjectsCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("PROJECT") { Description = "Resource name or id of the project." };
    private readonly Argument<string> user = new("USER") { Description = "Resource name or id of the user." };
    private readonly Option<bool> deleted = new("--deleted") { Description = "Those that were deleted and can be brought back." };
    private readonly Option<int> months = new("--months") { Description = "How many months back, the current one counted; 1 to 24.", HelpName = "N", DefaultValueFactory = _ => 12 };
    private readonly Option<bool> keepAll = new("--keep-all") { Description = "Keep everything from now on." };
    private readonly Option<bool> apply = new("--apply") { Description = "Set the retention; without it, only show what it would remove." };
    private readonly Option<double?> datasets = Days("--datasets", "data sets, the real rows");
    private readonly Option<double?> generators = Days("--generators", "generators");
    private readonly Option<double?> synthetics = Days("--synthetic-datasets", "synthetic data sets");
    private readonly Option<double?> evaluations = Days("--evaluations", "evaluations");
    private readonly Option<double?> evidencePacks = Days("--evidence-packs", "evidence packs");

    public Command Create() => new("projects", "List and delete projects, bring them back, give them away, and set how long they keep what is in them.")
    {
        server.Create("list", "List your projects, newest first.", [deleted], ListAsync),
        server.Create("delete", "Delete a project with all that is in it; for 30 days it can be brought back.", [name], async call => Print(
            await call.Client.Projects.DeleteProjectAsync(new DeleteProjectRequest { Name = Project(call) }, cancellationToken: call.Cancellation))),
        server.Create("undelete", "Bring a deleted project back.", [name], async call => Print(
            await call.Client.Projects.UndeleteProjectAsync(new UndeleteProjectRequest { Name = Project(call) }, cancellationToken: call.Cancellation))),
        server.Create("purge", "Remove a deleted project for good, now.", [name], async call =>
            await call.Client.Projects.PurgeProjectAsync(new PurgeProjectRequest { Name = Project(call) }, cancellationToken: call.Cancellation)),
        server.Create("transfer", "Make another user the owner, and yourself an editor.", [name, user], async call => Print(
            await call.Client.Projects.TransferProjectAsync(
                new TransferProjectRequest { Name = Project(call), User = User(call) },
                cancellationToken: call.Cancellation))),
        server.Create(
            "retention", "Show what a retention would remove now, or set it; without one, show what the project's own would.",
            [name, datasets, generators, synthetics, evaluations, evidencePacks, keepAll, apply], RetentionAsync),
        server.Create("usage", "Show what a project's jobs and language models took and what was stored, by month.", [name, months], UsageAsync),
    };

    private static Option<double?> Days(string option, string what) => new(option) { Description = $"Days that {what} are kept since their last change; at least 1.", HelpName = "DAYS" };

    private async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("PROJECT", "ROLE", "CREATED", "GONE FOR GOOD", "NAME");
        var entries = Pages.ReadAsync(
            token => call.Client.Projects.ListProjectsAsync(
                new ListProjectsRequest { PageSize = Pages.Size, Deleted = call.Parse.GetValue(deleted), PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Projects, page => page.NextPageToken);
        await foreach (var project in entries)
            table.Add(project.Name, Names.Of(project.Role), Date(project.CreateTime), Date(project.PurgeTime), project.DisplayName);

        Console.WriteLine(table);
    }

    private async Task RetentionAsync(ServerCall call)
    {
        var wanted = new RetentionPolicy
        {
            Datasets = Time(call, datasets), Generators = Time(call, generators),
            SyntheticDatasets = Time(call, synthetics), Evaluations = Time(call, evaluations),
            EvidencePacks = Time(call, evidencePacks),
        };
        var isGiven = !wanted.Equals(new RetentionPolicy());
        if (call.Parse.GetValue(keepAll) && isGiven) throw new BadInputException("--keep-all excludes the other times.");
        if (call.Parse.GetValue(apply) && !isGiven && !call.Parse.GetValue(keepAll))
            throw new BadInputException("--apply needs a time such as --datasets 90, or --keep-all.");
        var preview = await call.Client.Projects.PreviewRetentionAsync(
            new PreviewRetentionRequest { Name = Project(call), Retention = isGiven || call.Parse.GetValue(keepAll) ? wanted : null },
            cancellationToken: call.Cancellation);
        var table = new TextTable("NAME", "LAST CHANGED", "KEPT BECAUSE");
        foreach (var item in preview.Removed.Concat(preview.Kept)) table.Add(item.Name, Date(item.UpdateTime), item.KeptBecause);
        Console.WriteLine(table);
        if (!call.Parse.GetValue(apply))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{preview.Removed.Count} would go now; nothing was changed."));
            return;
        }

        await call.Client.Projects.UpdateProjectAsync(
            new UpdateProjectRequest { Project = new Project { Name = Project(call), Retention = wanted }, UpdateMask = new FieldMask { Paths = { "retention" } } },
            cancellationToken: call.Cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Set. {preview.Removed.Count} will go within minutes."));
    }

    private async Task UsageAsync(ServerCall call)
    {
        var usage = await call.Client.Projects.GetProjectUsageAsync(
            new GetProjectUsageRequest { Name = $"{Project(call)}/usage", Months = call.Parse.GetValue(months) }, cancellationToken: call.Cancellation);
        UsageTables.WriteJobs("MONTH", usage.Months.Select(month => (month.Month, month.Kinds.AsEnumerable())));
        UsageTables.WriteBytes("MONTH", usage.Months.Select(month => (month.Month, month.Arrivals.AsEnumerable(), month.AddedBytes)));
        UsageTables.WriteAssistant("MONTH", usage.Months.Select(month => (month.Month, month.Assistant.AsEnumerable())));
        Console.WriteLine(
            $"It keeps {Bytes.Short(usage.StoredBytes)}"
            + (usage.DeletedBytes > 0 ? $", of which what was deleted takes {Bytes.Short(usage.DeletedBytes)}" : "")
            + (usage.ClaimedBytes > 0 ? $"; open uploads claim {Bytes.Short(usage.ClaimedBytes)} more" : "")
            + ".");
    }

    private static Duration? Time(ServerCall call, Option<double?> option) =>
        call.Parse.GetValue(option) is { } days ? Duration.FromTimeSpan(TimeSpan.FromDays(days)) : null;

    private static string Date(Timestamp? time) => time?.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";

    private static void Print(Project project) => Console.WriteLine(Names.Json(project));

    private string Project(ServerCall call) => Full("projects/", call.Parse.GetRequiredValue(name));

    private string User(ServerCall call) => Full("users/", call.Parse.GetRequiredValue(user));

    private static string Full(string prefix, string given) => given.StartsWith(prefix, StringComparison.Ordinal) ? given : prefix + given;
}

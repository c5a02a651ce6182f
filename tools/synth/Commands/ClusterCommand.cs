using System.CommandLine;
using System.Globalization;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth cluster</c>: the compute silos, and how projects share them. For administrators.</summary>
internal sealed class ClusterCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> silo = new("SILO") { Description = "Name of the silo, as synth cluster show prints it." };
    private readonly Argument<string> project = new("PROJECT") { Description = "Resource name or id of the project." };
    private readonly Option<double> weight = new("--weight")
    {
        Description = "Its share of the slots against other projects that wait for them.", HelpName = "N", DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> maxRunning = new("--max-running") { Description = "Jobs that it may run at once; 0 for any number.", HelpName = "N" };

    private readonly Option<long> rowsPerDay = new("--rows-per-day") { Description = "Rows that it may have drawn on a day (UTC); 0 for any number.", HelpName = "N" };
    private readonly Option<long> storedBytes = new("--stored-bytes") { Description = "Bytes that all it keeps may take; 0 for any number.", HelpName = "N" };

    private readonly Option<long> tokensPerMonth = new("--tokens-per-month") { Description = "Tokens of language models that it may take a month (UTC); 0 for what the server is set to.", HelpName = "N" };

    private readonly Option<long> acceleratorSeconds = new("--accelerator-seconds-per-month") { Description = "Seconds that its jobs may hold accelerators a month (UTC); 0 for any number.", HelpName = "N" };

    private readonly Option<int> accelerators = new("--accelerators") { Description = "Accelerators that its jobs may hold at once; 0 for any number.", HelpName = "N" };

    private readonly Option<string> month = new("--month") { Description = "The month (UTC), 2026-11; by default the current one.", HelpName = "MONTH", DefaultValueFactory = _ => "" };

    public Command Create() => new("cluster", "Show the compute silos, take them out of work and share them among projects; for administrators.")
    {
        server.Create("show", "Show the silos, their jobs and the projects' shares.", [], async call => Print(
            await call.Client.Cluster.GetClusterAsync(new GetClusterRequest(), cancellationToken: call.Cancellation))),
        server.Create("cordon", "Let a silo take no new work.", [silo], async call => Print(
            await call.Client.Cluster.CordonSiloAsync(
                new CordonSiloRequest { Silo = call.Parse.GetRequiredValue(silo) }, cancellationToken: call.Cancellation))),
        server.Create("uncordon", "Let a silo take work again.", [silo], async call => Print(
            await call.Client.Cluster.UncordonSiloAsync(
                new UncordonSiloRequest { Silo = call.Parse.GetRequiredValue(silo) }, cancellationToken: call.Cancellation))),
        server.Create("drain", "Cordon a silo and move its trainings, from a checkpoint, to others.", [silo], async call => Print(
            await call.Client.Cluster.DrainSiloAsync(
                new DrainSiloRequest { Silo = call.Parse.GetRequiredValue(silo) }, cancellationToken: call.Cancellation))),
        server.Create("usage", "Show what the jobs of all projects took in a month, and what came to them.", [month], UsageAsync),
        server.Create("share", "Set what a project may have of the cluster.", [project, weight, maxRunning, rowsPerDay, storedBytes, tokensPerMonth, acceleratorSeconds, accelerators], ShareAsync),
        server.Create("rotate-key", "Give a project a new key for what is stored from now on, where objects are encrypted.", [project], RotateKeyAsync),
        server.Create("reseal-secrets", "Seal all stored secrets, and pieces of open uploads, by the current master key, so that the previous one can be forgotten.", [], ResealSecretsAsync),
    };

    private async Task ShareAsync(ServerCall call)
    {
        Print(await call.Client.Cluster.SetProjectShareAsync(
            new SetProjectShareRequest
            {
                Project = NameOf(call),
                Weight = call.Parse.GetValue(weight),
                MaxRunningJobs = call.Parse.GetValue(maxRunning),
                MaxRowsPerDay = call.Parse.GetValue(rowsPerDay),
                MaxStoredBytes = call.Parse.GetValue(storedBytes),
                MaxTokensPerMonth = call.Parse.GetValue(tokensPerMonth),
                MaxAcceleratorSecondsPerMonth = call.Parse.GetValue(acceleratorSeconds),
                MaxAccelerators = call.Parse.GetValue(accelerators),
            },
            cancellationToken: call.Cancellation));
    }

    private async Task UsageAsync(ServerCall call)
    {
        var usage = await call.Client.Cluster.ListUsageAsync(new ListUsageRequest { Month = call.Parse.GetValue(month) }, cancellationToken: call.Cancellation);
        UsageTables.WriteJobs("PROJECT", usage.Projects.Select(project => (project.Project, project.Kinds.AsEnumerable())));
        UsageTables.WriteBytes("PROJECT", usage.Projects.Select(project => (project.Project, project.Arrivals.AsEnumerable(), project.AddedBytes)));
        UsageTables.WriteAssistant("PROJECT", usage.Projects.Select(project => (project.Project, project.Assistant.AsEnumerable())));
    }

    private async Task RotateKeyAsync(ServerCall call)
    {
        var name = NameOf(call);
        await call.Client.Cluster.RotateProjectKeyAsync(new RotateProjectKeyRequest { Project = name }, cancellationToken: call.Cancellation);
        Console.WriteLine($"{name} has a new key; what is stored stays readable by its earlier one.");
    }

    private async Task ResealSecretsAsync(ServerCall call)
    {
        var answer = await call.Client.Cluster.ResealSecretsAsync(new ResealSecretsRequest(), cancellationToken: call.Cancellation);
        var table = new TextTable("SECRETS", "THERE ARE", "SEALED ANEW", "UNREADABLE");
        foreach (var kind in answer.Secrets)
            table.Add(kind.Kind, UsageTables.Whole(kind.Count), UsageTables.Whole(kind.Resealed), UsageTables.Whole(kind.Unreadable));
        Console.WriteLine(table);
        if (answer.Secrets.Sum(kind => kind.Unreadable) is > 0 and var unreadable)
        {
            throw new UnreadableSecretsException(
                $"{UsageTables.Whole(unreadable)} secrets are opened by none of the server's keys. Set the key that sealed them as SynthStudio:Encryption:PreviousMasterKey, and repeat this.");
        }

        Console.WriteLine("All are sealed by the current master key: where every server has it, the previous one can be forgotten.");
    }

    private string NameOf(ServerCall call) =>
        call.Parse.GetRequiredValue(project) is var named && named.Contains('/', StringComparison.Ordinal)
            ? named
            : "projects/" + named;

    private static void Print(Cluster cluster)
    {
        var silos = new TextTable("SILO", "TAKES WORK", "DEVICE", "SLOTS", "MEMORY", "JOBS");
        foreach (var s in cluster.Silos)
        {
            var takes = s.Draining ? "no, leaves" : s.Cordoned ? "no, cordoned" : "yes";
            var device = s.Accelerators > 0 ? $"{s.Accelerators} x {s.Accelerator}" : s.Accelerator;
            silos.Add(
                s.Name, takes, device, $"{s.Jobs.Count}/{s.Slots}", Bytes.Short(s.MemoryBytes), string.Join(", ", s.Jobs.Select(Names.Id)));
        }

        foreach (var name in cluster.AbsentCordonedSilos) silos.Add(name, "no, cordoned", "", "", "", "not in the cluster");
        Console.WriteLine(silos);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cluster.RunningJobs} jobs run, {cluster.QueuedJobs} wait."));
        if (cluster.ProjectShares.Count == 0) return;

        var shares = new TextTable("PROJECT", "WEIGHT", "JOBS AT ONCE", "ACCELERATORS AT ONCE", "ROWS A DAY", "BYTES", "TOKENS A MONTH", "ACCELERATOR SECONDS A MONTH");
        foreach (var share in cluster.ProjectShares)
        {
            shares.Add(
                share.Project, share.Weight.ToString("0.###", CultureInfo.InvariantCulture),
                Any(share.MaxRunningJobs), Any(share.MaxAccelerators), Any(share.MaxRowsPerDay),
                Any(share.MaxStoredBytes),
                share.MaxTokensPerMonth == 0 ? "default" : Any(share.MaxTokensPerMonth), Any(share.MaxAcceleratorSecondsPerMonth));
        }

        Console.WriteLine(shares);
    }

    private static string Any(long most) => most == 0 ? "any" : most.ToString("N0", CultureInfo.InvariantCulture);
}

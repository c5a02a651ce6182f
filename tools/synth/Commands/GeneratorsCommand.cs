using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.Hosting;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>
/// <c>synth generators</c>: list, show, watch, cancel, train, declare, update, pause, resume, export, import, report, delete, undelete,
/// purge.
/// </summary>
internal sealed class GeneratorsCommand(TimeProvider time)
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("GENERATOR") { Description = "Resource name or id of the generator." };
    private readonly Argument<string> dataset = new("DATASET") { Description = "Resource name or id of the data set to learn." };
    private readonly Option<FileInfo> output = new("--out") { Description = "File for the model package.", HelpName = "FILE", Required = true };
    private readonly Argument<FileInfo> package = new("FILE") { Description = "The model package (.synth)." };
    private readonly Option<string> id = new("--id") { Description = "Last part of the generator's name; by default the server chooses.", HelpName = "ID", DefaultValueFactory = _ => "" };
    private readonly Option<string> displayName = new("--display-name") { Description = "Name for people.", HelpName = "NAME", DefaultValueFactory = _ => "" };
    private readonly Option<bool> allowUnsigned = new("--allow-unsigned") { Description = "Take a package without signature too, where the server allows it: nobody answers for it." };
    private readonly Option<FileInfo> page = new("--out") { Description = "File for the report: .json for programs, else HTML.", HelpName = "FILE", Required = true };
    private readonly Option<string> method = new("--method") { Description = "How to learn; see synth methods. By default the first of them, under privacy terms auto.", HelpName = "NAME", DefaultValueFactory = _ => "" };
    private readonly Option<string[]> option = new("--option") { Description = "Option of the method, name=value; may be repeated.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<double?> maxTime = new("--max-time") { Description = "Limit of training in seconds; by default the method chooses.", HelpName = "SECONDS" };
    private readonly Option<long> seed = new("--seed") { Description = "Equal seeds give equal results on the same machine.", HelpName = "N" };

    private readonly Option<int> priority = new("--priority") { Description = "1 (first) to 5.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<double?> queueLimit = new("--queue-limit") { Description = "Fails when it waits longer for a silo, in seconds.", HelpName = "SECONDS" };
    private readonly Option<double?> attemptLimit = new("--attempt-limit") { Description = "An attempt that takes longer is tried again, in seconds.", HelpName = "SECONDS" };
    private readonly Option<double?> totalLimit = new("--total-limit") { Description = "Fails when it is not done within so many seconds.", HelpName = "SECONDS" };
    private readonly Option<bool> learnAllRows = new("--learn-all-rows") { Description = "Hold back no rows for a report after the training." };
    private readonly Option<string> startFrom = new("--start-from") { Description = "A trained generator of the same method and columns to learn on from, by resource name or id.", HelpName = "GENERATOR", DefaultValueFactory = _ => "" };
    private readonly Option<bool> estimate = new("--estimate") { Description = "Only tell what the training would do and take: the method that auto chooses and why, time, memory, privacy and noise." };
    private readonly PrivacyOptions privacy = new();
    private readonly RegistryCommands registry = new();
    private readonly Option<bool> showDeleted = new("--show-deleted") { Description = "Those too that were deleted and can be brought back." };

    public Command Create()
    {
        var command = new Command("generators", "List, show, check, watch, cancel, train, declare, update, pause, resume, export, import and delete generators, name and compare them, and get their reports and cards.")
        {
            server.Create("list", "List the generators of the project, newest first.", [showDeleted], ListAsync),
            server.Create("show", "Show a generator as JSON.", [name], ShowAsync),
            server.Create("health", "Tell whether a generator can draw rows now; ends with 1 when it cannot.", [name], HealthAsync),
            server.Create("watch", "Follow the newest training to its end.", [name], WatchAsync, computes: true),
            server.Create("cancel", "Stop the training.", [name], CancelAsync),
            server.Create(
                "train", "Create a generator on a data set and start to train it; without a running server, stay until it is trained.",
                [dataset, method, option, maxTime, seed, priority, queueLimit, attemptLimit, totalLimit, learnAllRows,
                 startFrom, estimate, .. privacy.All],
                TrainAsync, computes: true),
            new DeclareCommand(time).Create(server),
            server.Create(
                "update", "Give a generator another name for people, or a draft, which the API makes, other settings.",
                [name, displayName, method, option, maxTime, seed, startFrom], UpdateAsync),
            server.Create("pause", "Pause the training after a checkpoint.", [name], PauseAsync),
            server.Create("resume", "Resume a paused training.", [name], ResumeAsync, computes: true),
            server.Create("export", "Download the model package, signed by the server.", [name, output], ExportAsync),
            server.Create("import", "Make a generator of a model package that a trusted server signed.", [package, id, displayName, allowUnsigned], ImportAsync),
            server.Create("report", "Download the report that the training made beside the rows it held back.", [name, page], ReportAsync),
            server.Create("delete", "Delete a generator and its model; for a time it can be brought back.", [name], DeleteAsync),
            server.Create("undelete", "Bring a deleted generator back.", [name], async call => Report(
                await call.Client.Generators.UndeleteGeneratorAsync(
                    new UndeleteGeneratorRequest { Name = Generator(call) }, cancellationToken: call.Cancellation))),
            server.Create("purge", "Remove a deleted generator and its model for good, now.", [name], async call =>
                await call.Client.Generators.PurgeGeneratorAsync(
                    new PurgeGeneratorRequest { Name = Generator(call) }, cancellationToken: call.Cancellation)),
        };
        foreach (var further in registry.Create(server, name))
        {
            command.Subcommands.Add(further);
        }

        return command;
    }

    private async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("GENERATOR", "STATE", "DONE", "METHOD", "DATASET", "NAME");
        var entries = Pages.ReadAsync(
            token => call.Client.Generators.ListGeneratorsAsync(
                new ListGeneratorsRequest
                {
                    Parent = call.Client.Project, PageSize = Pages.Size, ShowDeleted = call.Parse.GetValue(showDeleted), PageToken = token,
                },
                cancellationToken: call.Cancellation),
            page => page.Generators, page => page.NextPageToken);
        await foreach (var g in entries)
        {
            var done = g.Training is { } training ? $"{100 * training.Fraction:0} %" : "";
            table.Add(
                Names.Id(g.Name), g.DeleteTime is null ? Names.Of(g.State) : Names.DeletedUntil(g.PurgeTime),
                done, g.Method, Names.Id(g.Dataset), g.DisplayName);
        }

        Console.WriteLine(table);
    }

    private async Task ReportAsync(ServerCall call)
    {
        var file = call.Parse.GetRequiredValue(page);
        var format = file.Extension.Equals(".json", StringComparison.OrdinalIgnoreCase) ? ReportFormat.Json : ReportFormat.Html;
        await Downloads.SaveAsync(
            call.Client.Generators.DownloadGeneratorReport(
                new DownloadGeneratorReportRequest { Name = Generator(call), Format = format }, cancellationToken: call.Cancellation),
            file.FullName,
            call.Cancellation);
    }

    private async Task ShowAsync(ServerCall call) => Console.WriteLine(Names.Json(await GetAsync(call)));

    private async Task HealthAsync(ServerCall call)
    {
        var health = await call.Client.Generators.GetGeneratorHealthAsync(new GetGeneratorHealthRequest { Name = $"{Generator(call)}/health" }, cancellationToken: call.Cancellation);
        Console.WriteLine(Names.Json(health));
        if (!health.CanSample)
        {
            throw new UnhealthyGeneratorException(health.Problem);
        }
    }

    private async Task WatchAsync(ServerCall call)
    {
        var generator = await GetAsync(call);
        if (generator.Training is not { } training)
        {
            throw new BadInputException($"{generator.Name} has never been trained.");
        }

        await JobWatching.WatchAsync(call, training.Name, time);
    }

    private async Task CancelAsync(ServerCall call) => Report(await call.Client.Generators.CancelGeneratorTrainingAsync(
        new CancelGeneratorTrainingRequest { Name = Generator(call) }, cancellationToken: call.Cancellation));

    private async Task TrainAsync(ServerCall call)
    {
        var wanted = new Generator
        {
            Dataset = call.Client.Resource("datasets", call.Parse.GetRequiredValue(dataset)),
            Method = call.Parse.GetValue(method)!,
            Seed = call.Parse.GetValue(seed),
            MaxTime = call.Parse.GetValue(maxTime) is { } seconds ? Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) : null,
            PrivacyTerms = privacy.Read(call.Parse),
            StartFrom = call.Parse.GetValue(startFrom) is { Length: > 0 } start ? call.Client.Resource("generators", start) : "",
            HoldBack = call.Parse.GetValue(learnAllRows) ? HoldBack.Nothing : HoldBack.AndReport,
        };
        wanted.Options.Add(KeyValues.Parse("--option", call.Parse.GetValue(option)!));
        var preview = await call.Client.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = call.Client.Project, Generator = wanted, ValidateOnly = true }, cancellationToken: call.Cancellation);
        foreach (var warning in preview.Warnings)
        {
            Console.Error.WriteLine(ControlCharacters.Escape($"Warning: {warning}"));
        }

        if (call.Parse.GetValue(estimate))
        {
            Console.WriteLine(Names.Json(preview.Estimate));
            return;
        }

        if (EstimateText.Of(preview.Estimate) is { } expected) Console.Error.WriteLine(expected);
        var created = await call.Client.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = call.Client.Project, Generator = wanted }, cancellationToken: call.Cancellation);

        var request = new TrainGeneratorRequest
        {
            Name = created.Name,
            Priority = call.Parse.GetValue(priority),
            Limits = new JobLimits { Queue = Limit(call, queueLimit), Attempt = Limit(call, attemptLimit), Total = Limit(call, totalLimit) },
        };
        var started = await GeneratorTraining.StartAsync(call.Client, request, call.Cancellation);
        Console.WriteLine(created.Name);
        await StayWhileHostedAsync(call, started);
    }

    /// <summary>Changes what is named on the command line, to nothing too.</summary>
    private async Task UpdateAsync(ServerCall call)
    {
        var mask = new FieldMask();
        foreach (var (changed, field) in new (System.CommandLine.Option, string)[]
            { (displayName, "display_name"), (method, "method"), (option, "options"), (maxTime, "max_time"), (seed, "seed"), (startFrom, "start_from") })
        {
            if (call.Parse.GetResult(changed) is { Implicit: false }) mask.Paths.Add(field);
        }

        if (mask.Paths.Count == 0) throw new BadInputException("Say what to change, for example --display-name.");
        var wanted = new Generator
        {
            Name = Generator(call), DisplayName = call.Parse.GetValue(displayName), Method = call.Parse.GetValue(method),
            MaxTime = Limit(call, maxTime), Seed = call.Parse.GetValue(seed),
            StartFrom = call.Parse.GetValue(startFrom) is { Length: > 0 } start ? call.Client.Resource("generators", start) : "",
        };
        wanted.Options.Add(KeyValues.Parse("--option", call.Parse.GetValue(option)!));
        Console.WriteLine(Names.Json(await call.Client.Generators.UpdateGeneratorAsync(
            new UpdateGeneratorRequest { Generator = wanted, UpdateMask = mask }, cancellationToken: call.Cancellation)));
    }

    private static Duration? Limit(ServerCall call, Option<double?> option) =>
        call.Parse.GetValue(option) is { } seconds ? Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) : null;

    /// <summary>A server that ends with this command would take the training with it: stay until it is done.</summary>
    private Task StayWhileHostedAsync(ServerCall call, Generator generator) =>
        call.IsHosted ? JobWatching.WatchAsync(call, generator.Training.Name, time) : Task.CompletedTask;

    private async Task PauseAsync(ServerCall call) => Report(await call.Client.Generators.PauseGeneratorAsync(
        new PauseGeneratorRequest { Name = Generator(call) }, cancellationToken: call.Cancellation));

    private async Task ResumeAsync(ServerCall call)
    {
        var resumed = await call.Client.Generators.ResumeGeneratorAsync(
            new ResumeGeneratorRequest { Name = Generator(call) }, cancellationToken: call.Cancellation);
        Report(resumed);
        await StayWhileHostedAsync(call, resumed);
    }

    private async Task ExportAsync(ServerCall call)
    {
        var file = InputFiles.Output("--out", call.Parse.GetRequiredValue(output));
        await Downloads.SaveAsync(
            call.Client.Generators.ExportGenerator(new ExportGeneratorRequest { Name = Generator(call) }, cancellationToken: call.Cancellation),
            file.FullName,
            call.Cancellation);
        Console.WriteLine($"Model package: {file}");
    }

    private async Task ImportAsync(ServerCall call)
    {
        var file = InputFiles.Table("FILE", call.Parse.GetRequiredValue(package));
        await using var view = ProgressViews.Create(time);
        var upload = await new FileUploader(call.Client, view).UploadPackageAsync(file, "upload", call.Cancellation);
        try
        {
            var generator = await call.Client.Generators.ImportGeneratorAsync(
                new ImportGeneratorRequest
                {
                    Parent = call.Client.Project, Upload = upload.Name, GeneratorId = call.Parse.GetValue(id), DisplayName = call.Parse.GetValue(displayName),
                    AllowUnsigned = call.Parse.GetValue(allowUnsigned), RequestId = Guid.NewGuid().ToString(),
                },
                cancellationToken: call.Cancellation);
            await view.DisposeAsync();
            Console.WriteLine(generator.Name);
        }
        catch (RpcException)
        {
            await call.Client.Uploads.DeleteUploadAsync(new DeleteUploadRequest { Name = upload.Name }, cancellationToken: CancellationToken.None);
            throw;
        }
    }

    private async Task DeleteAsync(ServerCall call)
    {
        var generator = Generator(call);
        var deleted = await call.Client.Generators.DeleteGeneratorAsync(new DeleteGeneratorRequest { Name = generator }, cancellationToken: call.Cancellation);
        Console.WriteLine($"{generator} is {Names.DeletedUntil(deleted.PurgeTime)}.");
    }

    private static void Report(Generator generator) => Console.WriteLine($"{generator.Name} is {Names.Of(generator.State)}.");

    private async Task<Generator> GetAsync(ServerCall call) =>
        await call.Client.Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = Generator(call) }, cancellationToken: call.Cancellation);

    private string Generator(ServerCall call) => call.Client.Resource("generators", call.Parse.GetRequiredValue(name));
}

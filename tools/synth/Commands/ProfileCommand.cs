using System.CommandLine;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth profile</c>: says what is in a table.</summary>
internal sealed class ProfileCommand(TimeProvider time)
{
    private readonly ConnectionOptions connection = new();
    private readonly Argument<FileInfo> data = new("DATA") { Description = "The table: CSV, TSV, JSON, NDJSON or Parquet, also compressed." };
    private readonly Option<FileInfo?> schema = new("--schema") { Description = "Schema file to check the table by.", HelpName = "FILE" };
    private readonly Option<FileInfo?> json = new("--json") { Description = "File for the profile as JSON.", HelpName = "FILE" };
    private readonly Option<FileInfo?> schemaOut = new("--schema-out") { Description = "File for the inferred schema, to edit and use.", HelpName = "FILE" };

    private readonly Option<bool> pii = new("--pii") { Description = "Show the personal data that were found instead, with confidence and reasons." };

    public Command Create()
    {
        var command = new Command("profile", "Describe a table: kinds, missing and distinct values, distributions, likely personal data.")
        {
            data, schema, json, schemaOut, pii,
        };
        connection.AddTo(command);
        return command.Does(RunAsync);
    }

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var settings = connection.Read(parse);
        var table = InputFiles.Table("DATA", parse.GetRequiredValue(data));
        var schemaJson = InputFiles.Schema(parse.GetValue(schema));
        var profileFile = parse.GetValue(json) is { } p ? InputFiles.Output("--json", p) : null;
        var schemaFile = parse.GetValue(schemaOut) is { } s ? InputFiles.Output("--schema-out", s) : null;

        await using var view = ProgressViews.Create(time);
        await using var server = await ServerSession.OpenAsync(settings, cancellation);
        await server.Client.EnsureProjectAsync(cancellation);
        var client = server.Client;
        var dataset = await new FileUploader(client, view).UploadDatasetAsync(table, schemaJson, "read", cancellation);
        await new JobFollower(client, time).FollowAsync(dataset.Job, StepNames.WholeJob(view, "read", FileUploader.ShareOfStep), cancellation);
        view.Show(new StepProgress("read", 1));
        await view.DisposeAsync();

        dataset = await client.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = dataset.Name }, cancellationToken: cancellation);
        var profile = await client.Datasets.GetDatasetProfileAsync(
            new GetDatasetProfileRequest { Name = dataset.Name + "/profile" }, cancellationToken: cancellation);
        if (profileFile is not null)
        {
            await File.WriteAllTextAsync(profileFile.FullName, profile.Json, cancellation);
        }

        if (schemaFile is not null)
        {
            await File.WriteAllTextAsync(schemaFile.FullName, dataset.SchemaJson, cancellation);
        }

        Console.WriteLine($"{dataset.FileName}: {Counts.OfTable(dataset.RowCount, dataset.ColumnCount)}");
        if (parse.GetValue(pii))
        {
            var found = await client.Datasets.GetDatasetSensitivityAsync(
                new GetDatasetSensitivityRequest { Name = dataset.Name + "/sensitivity" }, cancellationToken: cancellation);
            Console.WriteLine(PersonalDataTable.Describe(found.Columns));
        }
        else
        {
            Console.WriteLine(ProfileTable.Describe(profile.Json));
        }

        if (!server.IsHosted)
        {
            await client.Datasets.DeleteDatasetAsync(new DeleteDatasetRequest { Name = dataset.Name }, cancellationToken: cancellation);
            await client.Datasets.PurgeDatasetAsync(new PurgeDatasetRequest { Name = dataset.Name }, cancellationToken: cancellation);
        }
    }
}

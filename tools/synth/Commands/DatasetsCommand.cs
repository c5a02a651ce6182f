using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth datasets</c>: list, show, watch, cancel, upload, examine, mark, delete.</summary>
internal sealed class DatasetsCommand(TimeProvider time)
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("DATASET") { Description = "Resource name or id of the data set." };
    private readonly Argument<FileInfo> file = new("DATA") { Description = "The table: CSV, TSV, JSON, NDJSON or Parquet, also compressed." };
    private readonly Option<FileInfo?> schema = new("--schema") { Description = "Schema file: kinds of columns, target and task.", HelpName = "FILE" };

    private readonly Option<bool> withheld = new("--withheld") { Description = "Tell nothing of the table, not even its size: it is only learned under differential privacy." };

    private readonly Argument<string[]> marks = new("COLUMN=MARK") { Description = "Columns and their marks.", Arity = ArgumentArity.OneOrMore };

    public Command Create()
    {
        return new Command("datasets", "List, show, watch, cancel, upload, examine, mark and delete data sets.")
        {
            server.Create("list", "List the data sets of the project, newest first.", [], ListAsync),
            server.Create("show", "Show a data set as JSON.", [name], ShowAsync),
            server.Create("watch", "Follow the reading of a data set to its end.", [name], WatchAsync, computes: true),
            server.Create("cancel", "Stop the reading of a data set.", [name], CancelAsync),
            server.Create("upload", "Upload a table.", [file, schema, withheld], UploadAsync, computes: true),
            server.Create("pii", "Say which columns hold personal data and what each tells of persons, with reasons, never with values.", [name], PersonalDataAsync),
            server.Create("mark", "Mark columns as direct-identifier, quasi-identifier, sensitive, none, or proposed (no mark).", [name, marks], MarkAsync),
            server.Create("delete", "Delete a data set.", [name], DeleteAsync),
        };
    }

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("DATASET", "STATE", "ROWS", "COLUMNS", "SIZE", "FILE");
        var request = new ListDatasetsRequest { Parent = call.Client.Project, PageSize = 1000 };
        do
        {
            var page = await call.Client.Datasets.ListDatasetsAsync(request, cancellationToken: call.Cancellation);
            foreach (var d in page.Datasets)
            {
                table.Add(Names.Id(d.Name), Names.Of(d.State), $"{d.RowCount:N0}", $"{d.ColumnCount}", Bytes.Short(d.SizeBytes), d.FileName);
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Console.WriteLine(table);
    }

    private async Task ShowAsync(ServerCall call) => Console.WriteLine(Names.Json(await GetAsync(call)));

    private async Task WatchAsync(ServerCall call) => await JobWatching.WatchAsync(call, (await GetAsync(call)).Job, time);

    private async Task CancelAsync(ServerCall call)
    {
        var dataset = await GetAsync(call);
        var job = await call.Client.Jobs.CancelJobAsync(new CancelJobRequest { Name = dataset.Job }, cancellationToken: call.Cancellation);
        Console.WriteLine($"{job.Name} is {Names.Of(job.State)}.");
    }

    private async Task UploadAsync(ServerCall call)
    {
        var table = InputFiles.Table("DATA", call.Parse.GetRequiredValue(file));
        var schemaJson = InputFiles.Schema(call.Parse.GetValue(schema));
        await call.Client.EnsureProjectAsync(call.Cancellation);
        await using var view = ProgressViews.Create(time);
        var dataset = await new FileUploader(call.Client, view).UploadDatasetAsync(table, schemaJson, "read", call.Cancellation, call.Parse.GetValue(withheld));
        await new JobFollower(call.Client, time).FollowAsync(dataset.Job, StepNames.WholeJob(view, "read", FileUploader.ShareOfStep), call.Cancellation);
        view.Show(new StepProgress("read", 1));
        await view.DisposeAsync();
        Console.WriteLine(dataset.Name);
    }

    private async Task PersonalDataAsync(ServerCall call)
    {
        var request = new GetDatasetSensitivityRequest { Name = $"{Dataset(call)}/sensitivity" };
        var found = await call.Client.Datasets.GetDatasetSensitivityAsync(request, cancellationToken: call.Cancellation);
        Console.WriteLine(PersonalDataTable.Describe(found.Columns));
    }

    private async Task MarkAsync(ServerCall call)
    {
        var request = new UpdateDatasetSensitivityRequest { DatasetSensitivity = new DatasetSensitivity { Name = $"{Dataset(call)}/sensitivity" } };
        foreach (var (column, mark) in KeyValues.Parse("COLUMN=MARK", call.Parse.GetRequiredValue(marks)))
        {
            request.DatasetSensitivity.Columns.Add(new ColumnSensitivity { Column = column, Mark = Mark(mark) });
        }

        var marked = await call.Client.Datasets.UpdateDatasetSensitivityAsync(request, cancellationToken: call.Cancellation);
        Console.WriteLine(PersonalDataTable.Describe(marked.Columns));
    }

    private static Sensitivity Mark(string text) => text switch
    {
        "direct-identifier" => Sensitivity.DirectIdentifier,
        "quasi-identifier" => Sensitivity.QuasiIdentifier,
        "sensitive" => Sensitivity.Sensitive,
        "none" => Sensitivity.None,
        "proposed" => Sensitivity.Unspecified,
        _ => throw new BadInputException($"'{text}' is no mark: write direct-identifier, quasi-identifier, sensitive, none or proposed."),
    };

    private async Task DeleteAsync(ServerCall call)
    {
        var dataset = Dataset(call);
        await call.Client.Datasets.DeleteDatasetAsync(new DeleteDatasetRequest { Name = dataset }, cancellationToken: call.Cancellation);
        Console.WriteLine($"{dataset} is deleted.");
    }

    private async Task<Dataset> GetAsync(ServerCall call) =>
        await call.Client.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = Dataset(call) }, cancellationToken: call.Cancellation);

    private string Dataset(ServerCall call) => call.Client.Resource("datasets", call.Parse.GetRequiredValue(name));
}

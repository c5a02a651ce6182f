using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth datasets</c>: list, show, watch, cancel, upload, import, update, examine, download, mark, delete.</summary>
internal sealed class DatasetsCommand(TimeProvider time)
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("DATASET") { Description = "Resource name or id of the data set." };
    private readonly Argument<FileInfo> file = new("DATA") { Description = "The table: CSV, TSV, JSON, NDJSON or Parquet, also compressed." };
    private readonly Option<FileInfo?> schema = new("--schema") { Description = "Schema file: kinds of columns, target and task.", HelpName = "FILE" };

    private readonly Option<bool> withheld = new("--withheld") { Description = "Tell nothing of the table, not even its size: it is only learned under differential privacy." };

    private readonly EndpointOptions endpoint = new();
    private readonly Option<string> connection = new("--connection") { Description = "A connection of the project, by resource name or id, instead of --postgres or --bucket.", HelpName = "CONNECTION", DefaultValueFactory = _ => "" };
    private readonly Option<string?> query = new("--query") { Description = "One SELECT, which runs in a transaction that only reads.", HelpName = "SQL" };
    private readonly Option<string?> key = new("--key") { Description = "Key of the object in the bucket.", HelpName = "KEY" };
    private readonly Option<long> maxRows = new("--max-rows") { Description = "Refuse more rows; by default the server's most.", HelpName = "N" };
    private readonly Option<string> id = new("--id") { Description = "Last part of the data set's name; by default the server chooses.", HelpName = "ID", DefaultValueFactory = _ => "" };

    private readonly Argument<string[]> marks = new("COLUMN=MARK") { Description = "Columns and their marks.", Arity = ArgumentArity.OneOrMore };

    private readonly Option<string> versionOf = new("--version-of") { Description = "The data set that this is the next version of.", HelpName = "DATASET" };
    private readonly Option<string?> realRows = new("--real-rows") { Description = "owners (the default), editors or nobody.", HelpName = "WHO" };
    private readonly Option<string[]> columns = new("--column") { Description = "A column that strangers may know; may be repeated. Without, all but keys.", HelpName = "COLUMN" };
    private readonly Option<int> mostColumns = new("--most-columns") { Description = "Columns in a set, 1 to 4.", DefaultValueFactory = _ => 3 };
    private readonly Argument<string> earlier = new("EARLIER") { Description = "Resource name or id of the earlier version." };

    private readonly Option<string?> displayName = new("--display-name") { Description = "A name for people.", HelpName = "TEXT" };
    private readonly Option<bool> inferred = new("--infer-schema") { Description = "Forget the schema file, and infer the schema from the rows." };

    private readonly Option<bool> showDeleted = new("--show-deleted") { Description = "Those too that were deleted and can be brought back." };

    private readonly RowFileOptions rows = new();

    public Command Create()
    {
        return new Command("datasets", "List, show, watch, cancel, upload, import, update, examine, download, mark and delete data sets.")
        {
            server.Create("list", "List the data sets of the project, newest first.", [showDeleted], ListAsync),
            server.Create("show", "Show a data set as JSON.", [name], ShowAsync),
            server.Create("watch", "Follow the reading of a data set to its end.", [name], WatchAsync, computes: true),
            server.Create("cancel", "Stop the reading of a data set.", [name], CancelAsync),
            server.Create("upload", "Upload a table.", [file, schema, withheld, versionOf], UploadAsync, computes: true),
            server.Create(
                "import", "Import what a query of a PostgreSQL database gives, or an object in a bucket.",
                [connection, query, key, maxRows, id, schema, withheld, versionOf, .. endpoint.All], ImportAsync, computes: true),
            server.Create("update", "Change a data set's display name, or its schema, with which it is then read again.", [name, displayName, schema, inferred], UpdateAsync, computes: true),
            server.Create("pii", "Say which columns hold personal data and what each tells of persons, with reasons, never with values.", [name], PersonalDataAsync),
            server.Create("mark", "Mark columns as direct-identifier, quasi-identifier, sensitive, none, or proposed (no mark).", [name, marks], MarkAsync),
            server.Create("versions", "List the versions of a data set, the oldest first.", [name], VersionsAsync),
            server.Create("preview", "Show the first rows, real ones: for those whom the project's data policy names.", [name], PreviewAsync),
            server.Create(
                "download", "Download all rows, real ones, as CSV, Parquet or JSON lines: for those whom the project's data policy names.", [name, .. rows.All],
                DownloadAsync, computes: true),
            server.Create("policy", "Show who may see real rows of the project, or say it: owners, editors or nobody.", [realRows], PolicyAsync),
            server.Create(
                "anonymity", "Find the small sets of columns that tell rows apart: unique rows, smallest group k, rows in groups below five. As JSON.",
                [name, columns, mostColumns], AnonymityAsync, computes: true),
            server.Create("compare", "Compare a data set with an earlier version: columns, rows, and how far each column moved. As JSON.", [name, earlier], CompareAsync, computes: true),
            server.Create("delete", "Delete a data set; for a time it can be brought back.", [name], DeleteAsync),
            server.Create("undelete", "Bring a deleted data set back.", [name], async call => Console.WriteLine(Names.Json(
                await call.Client.Datasets.UndeleteDatasetAsync(new UndeleteDatasetRequest { Name = Dataset(call) }, cancellationToken: call.Cancellation)))),
            server.Create("purge", "Remove a deleted data set for good, now.", [name], async call =>
                await call.Client.Datasets.PurgeDatasetAsync(new PurgeDatasetRequest { Name = Dataset(call) }, cancellationToken: call.Cancellation)),
        };
    }

    private async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("DATASET", "STATE", "ROWS", "COLUMNS", "SIZE", "FILE");
        var entries = Pages.ReadAsync(
            token => call.Client.Datasets.ListDatasetsAsync(
                new ListDatasetsRequest
                {
                    Parent = call.Client.Project, PageSize = Pages.Size, ShowDeleted = call.Parse.GetValue(showDeleted), PageToken = token,
                },
                cancellationToken: call.Cancellation),
            page => page.Datasets, page => page.NextPageToken);
        await foreach (var d in entries)
        {
            table.Add(
                Names.Id(d.Name), d.DeleteTime is null ? Names.Of(d.State) : Names.DeletedUntil(d.PurgeTime),
                $"{d.RowCount:N0}", $"{d.ColumnCount}", Bytes.Short(d.SizeBytes), d.FileName);
        }

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
        var dataset = await new FileUploader(call.Client, view).UploadDatasetAsync(table, schemaJson, "read", call.Cancellation, call.Parse.GetValue(withheld),
            call.Parse.GetValue(versionOf) is { Length: > 0 } previous ? call.Client.Resource("datasets", previous) : "");
        await new JobFollower(call.Client, time).FollowAsync(dataset.Job, StepNames.WholeJob(view, "read", FileUploader.ShareOfStep), call.Cancellation);
        view.Show(new StepProgress("read", 1));
        await view.DisposeAsync();
        Console.WriteLine(dataset.Name);
    }

    private async Task ImportAsync(ServerCall call)
    {
        var wanted = new ImportedDataset
        {
            DatasetId = call.Parse.GetValue(id), SchemaJson = InputFiles.Schema(call.Parse.GetValue(schema)) ?? "", Withheld = call.Parse.GetValue(withheld),
            PreviousVersion = call.Parse.GetValue(versionOf) is { Length: > 0 } previous ? call.Client.Resource("datasets", previous) : "",
        };
        var transfer = new Transfer();
        switch (call.Parse.GetValue(query), call.Parse.GetValue(key))
        {
            case ({ } sql, null):
                transfer.QueryImport = new QueryImport { Query = sql, MaxRows = call.Parse.GetValue(maxRows), Dataset = wanted };
                break;
            case (null, { } path):
                transfer.ObjectImport = new ObjectImport { Key = path, Dataset = wanted };
                break;
            default:
                throw new BadInputException("Give either --query, for a database, or --key, for a bucket.");
        }

        endpoint.Fill(call, call.Parse.GetValue(connection)!, transfer);
        var created = await call.Client.Transfers.CreateTransferAsync(
            new CreateTransferRequest { Parent = call.Client.Project, Transfer = transfer, RequestId = Guid.NewGuid().ToString() },
            cancellationToken: call.Cancellation);
        await using var view = ProgressViews.Create(time);
        var done = await new TransferFollower(call.Client, time).FollowAsync(created, "import", view, call.Cancellation);
        var dataset = await call.Client.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = done.Dataset }, cancellationToken: call.Cancellation);
        await new JobFollower(call.Client, time).FollowAsync(dataset.Job, StepNames.WholeJob(view, "read"), call.Cancellation);
        view.Show(new StepProgress("read", 1));
        await view.DisposeAsync();
        Console.WriteLine(dataset.Name);
    }

    private async Task UpdateAsync(ServerCall call)
    {
        var (text, file) = (call.Parse.GetValue(displayName), InputFiles.Schema(call.Parse.GetValue(schema)));
        if (file is not null && call.Parse.GetValue(inferred)) throw new BadInputException("--schema and --infer-schema exclude each other.");
        var readsAgain = file is not null || call.Parse.GetValue(inferred);
        var mask = new FieldMask();
        if (text is not null) mask.Paths.Add("display_name");
        if (readsAgain) mask.Paths.Add("schema_json");
        if (mask.Paths.Count == 0) throw new BadInputException("There is nothing to change: give --display-name, --schema or --infer-schema.");
        var changed = await call.Client.Datasets.UpdateDatasetAsync(
            new UpdateDatasetRequest
            {
                Dataset = new Dataset { Name = Dataset(call), DisplayName = text ?? "", SchemaJson = file ?? "" },
                UpdateMask = mask, RequestId = Guid.NewGuid().ToString(),
            },
            cancellationToken: call.Cancellation);
        if (readsAgain && changed.Job.Length > 0)
        {
            await using var view = ProgressViews.Create(time);
            await new JobFollower(call.Client, time).FollowAsync(changed.Job, StepNames.WholeJob(view, "read"), call.Cancellation, cancelsJob: false);
        }

        Console.WriteLine(Names.Json(await GetAsync(call)));
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

    private async Task VersionsAsync(ServerCall call)
    {
        var versions = await call.Client.Datasets.ListDatasetVersionsAsync(
            new ListDatasetVersionsRequest { Name = Dataset(call) }, cancellationToken: call.Cancellation);
        var table = new TextTable("VERSION", "DATASET", "FOLLOWS", "STATE", "ROWS", "COLUMNS", "CREATED", "SHA-256");
        var number = 0;
        foreach (var d in versions.Datasets)
        {
            table.Add(
                $"{++number}", Names.Id(d.Name), d.PreviousVersion.Length > 0 ? Names.Id(d.PreviousVersion) : "", Names.Of(d.State), $"{d.RowCount:N0}", $"{d.ColumnCount}",
                $"{d.CreateTime.ToDateTimeOffset():u}", d.Sha256.Length > 12 ? d.Sha256[..12] : "");
        }

        Console.WriteLine(table);
    }

    private async Task PreviewAsync(ServerCall call)
    {
        var preview = await call.Client.Datasets.GetDatasetPreviewAsync(new GetDatasetPreviewRequest { Name = $"{Dataset(call)}/preview" }, cancellationToken: call.Cancellation);
        var table = new TextTable([.. preview.Columns]);
        foreach (var row in preview.Rows)
        {
            table.Add([.. row.Cells.Select(cell => cell.Text.ReplaceLineEndings(" "))]);
        }

        Console.WriteLine(table);
    }

    private async Task DownloadAsync(ServerCall call)
    {
        var request = new DownloadDatasetRequest
        {
            Name = Dataset(call), Format = rows.Format(call.Parse),
            DefuseFormulas = rows.DefusesFormulas(call.Parse), TextColumns = { rows.TextColumns(call.Parse) },
        };
        await Downloads.SaveAsync(
            call.Client.Datasets.DownloadDataset(request, cancellationToken: call.Cancellation),
            rows.File(call.Parse).FullName, call.Cancellation);
    }

    private async Task PolicyAsync(ServerCall call)
    {
        var name = $"{call.Client.Project}/dataPolicy";
        var policy = call.Parse.GetValue(realRows) is { } who
            ? await call.Client.Datasets.UpdateDataPolicyAsync(
                new UpdateDataPolicyRequest { DataPolicy = new DataPolicy { Name = name, RealRows = Access(who) } }, cancellationToken: call.Cancellation)
            : await call.Client.Datasets.GetDataPolicyAsync(new GetDataPolicyRequest { Name = name }, cancellationToken: call.Cancellation);
        Console.WriteLine($"Real rows of {call.Client.Project} are shown to {Names.Of(policy.RealRows)}.");
    }

    private static RealRowAccess Access(string text) => text switch
    {
        "owners" => RealRowAccess.Owners,
        "editors" => RealRowAccess.Editors,
        "nobody" => RealRowAccess.Nobody,
        _ => throw new BadInputException($"--real-rows: '{text}' is none of owners, editors and nobody."),
    };

    private Task AnonymityAsync(ServerCall call) => AnalyseAsync(
        call,
        new Analysis
        {
            IdentifyingColumns = new IdentifyingColumns
            {
                Columns = { call.Parse.GetValue(columns) }, MostColumns = call.Parse.GetValue(mostColumns),
            },
        });

    private Task CompareAsync(ServerCall call) => AnalyseAsync(
        call, new Analysis { EarlierDataset = call.Client.Resource("datasets", call.Parse.GetRequiredValue(earlier)) });

    private async Task AnalyseAsync(ServerCall call, Analysis question)
    {
        var request = new CreateAnalysisRequest { Parent = Dataset(call), Analysis = question, RequestId = Guid.NewGuid().ToString() };
        var analysis = await call.Client.Analyses.CreateAnalysisAsync(request, cancellationToken: call.Cancellation);
        await using var view = ProgressViews.Create(time);
        await new JobFollower(call.Client, time).FollowAsync(analysis.Job, StepNames.WholeJob(view, "analysis", 0), call.Cancellation);
        view.Show(new StepProgress("analysis", 1));
        await view.DisposeAsync();
        var result = await call.Client.Analyses.GetAnalysisResultAsync(new GetAnalysisResultRequest { Name = $"{analysis.Name}/result" }, cancellationToken: call.Cancellation);
        Console.WriteLine(result.Json);
    }

    private async Task DeleteAsync(ServerCall call)
    {
        var dataset = Dataset(call);
        var deleted = await call.Client.Datasets.DeleteDatasetAsync(new DeleteDatasetRequest { Name = dataset }, cancellationToken: call.Cancellation);
        Console.WriteLine($"{dataset} is {Names.DeletedUntil(deleted.PurgeTime)}.");
    }

    private async Task<Dataset> GetAsync(ServerCall call) =>
        await call.Client.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = Dataset(call) }, cancellationToken: call.Cancellation);

    private string Dataset(ServerCall call) => call.Client.Resource("datasets", call.Parse.GetRequiredValue(name));
}

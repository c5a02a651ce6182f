using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth transfers</c>: imports and exports that run or ran; exports are begun here.</summary>
internal sealed class TransfersCommand(TimeProvider time)
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("TRANSFER") { Description = "Resource name or id of the transfer." };

    private readonly Argument<string> source = new("SOURCE") { Description = "Resource name or id of the synthetic data set, or with --real-rows of the data set." };
    private readonly Option<bool> realRows = new("--real-rows") { Description = "Export a data set itself, real rows: for those whom the project's data policy names, noted as access to them." };
    private readonly EndpointOptions endpoint = new();
    private readonly Option<string> connection = new("--connection") { Description = "A connection of the project, by resource name or id, instead of --postgres or --bucket.", HelpName = "CONNECTION", DefaultValueFactory = _ => "" };
    private readonly Option<string?> table = new("--table") { Description = "The new table, TABLE or SCHEMA.TABLE.", HelpName = "TABLE" };
    private readonly TextColumnOption textColumns = new();
    private readonly Option<string?> key = new("--key") { Description = "Key of the object in the bucket.", HelpName = "KEY" };
    private readonly FormatOption format = new();
    private readonly Option<bool> defuse = new("--defuse-formulas") { Description = "Put an apostrophe before cells of a CSV object that a spreadsheet would run as formulas." };
    private readonly Option<bool> overwrite = new("--overwrite") { Description = "Replace a table or object that an earlier export of the project made." };

    public Command Create() => new("transfers", "Export rows to databases and buckets of others; list, show and cancel imports and exports.")
    {
        server.Create(
            "export", "Put rows into a new table of a PostgreSQL database (--table), all or none, or into a bucket (--key) as CSV, Parquet or JSON lines.",
            [source, realRows, connection, table, textColumns, key, format, defuse, overwrite, .. endpoint.All], ExportAsync, computes: true),
        server.Create("list", "List the transfers, newest first.", [], ListAsync),
        server.Create("show", "Show a transfer as JSON.", [name], async call => Console.WriteLine(Names.Json(
            await call.Client.Transfers.GetTransferAsync(new GetTransferRequest { Name = Transfer(call) }, cancellationToken: call.Cancellation)))),
        server.Create("cancel", "Stop a transfer and take away what it left.", [name], async call =>
            await call.Client.Transfers.CancelTransferAsync(new CancelTransferRequest { Name = Transfer(call) }, cancellationToken: call.Cancellation)),
    };

    private async Task ExportAsync(ServerCall call)
    {
        var rows = call.Client.Resource(call.Parse.GetValue(realRows) ? "datasets" : "syntheticDatasets", call.Parse.GetRequiredValue(source));
        var transfer = new Transfer();
        switch (call.Parse.GetValue(table), call.Parse.GetValue(key))
        {
            case ({ }, null) when call.Parse.GetValue(defuse):
                throw new BadInputException("--defuse-formulas is for objects (--key): a database runs no cells.");
            case ({ } target, null):
                var parts = target.Split('.', 2);
                transfer.TableExport = new TableExport
                {
                    Source = rows, Schema = parts.Length == 2 ? parts[0] : "", Table = parts[^1],
                    Overwrite = call.Parse.GetValue(overwrite), TextColumns = { call.Parse.GetValue(textColumns) },
                };
                break;
            case (null, { } path):
                transfer.ObjectExport = new ObjectExport
                {
                    Source = rows, Key = path, Overwrite = call.Parse.GetValue(overwrite), Format = format.Read(call.Parse, path),
                    TextColumns = { call.Parse.GetValue(textColumns) },
                    DefuseFormulas = call.Parse.GetValue(defuse),
                };
                break;
            default:
                throw new BadInputException("Give either --table, for a database, or --key, for a bucket.");
        }

        endpoint.Fill(call, call.Parse.GetValue(connection)!, transfer);
        var created = await call.Client.Transfers.CreateTransferAsync(
            new CreateTransferRequest { Parent = call.Client.Project, Transfer = transfer, RequestId = Guid.NewGuid().ToString() },
            cancellationToken: call.Cancellation);
        await using var view = ProgressViews.Create(time);
        var done = await new TransferFollower(call.Client, time).FollowAsync(created, "export", view, call.Cancellation);
        await view.DisposeAsync();
        Console.WriteLine(done.Name);
    }

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("TRANSFER", "STATE", "ROWS", "SIZE", "DATA", "ERROR");
        var entries = Pages.ReadAsync(
            token => call.Client.Transfers.ListTransfersAsync(
                new ListTransfersRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Transfers, page => page.NextPageToken);
        await foreach (var t in entries)
        {
            table.Add(
                Names.Id(t.Name), Names.Of(t.State), $"{t.RowCount:N0}", Bytes.Short(t.SizeBytes),
                Names.Id(t.TableExport?.Source ?? t.ObjectExport?.Source ?? t.Dataset),
                t.Error?.Reason ?? "");
        }

        Console.WriteLine(table);
    }

    private string Transfer(ServerCall call) => call.Client.Resource("transfers", call.Parse.GetRequiredValue(name));
}

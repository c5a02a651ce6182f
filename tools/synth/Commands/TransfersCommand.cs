using System.CommandLine;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth transfers</c>: imports that run or ran.</summary>
internal sealed class TransfersCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("TRANSFER") { Description = "Resource name or id of the transfer." };

    public Command Create() => new("transfers", "List, show and cancel imports from databases and buckets of others.")
    {
        server.Create("list", "List the transfers, newest first.", [], ListAsync),
        server.Create("show", "Show a transfer as JSON.", [name], async call => Console.WriteLine(Names.Json(
            await call.Client.Transfers.GetTransferAsync(new GetTransferRequest { Name = Transfer(call) }, cancellationToken: call.Cancellation)))),
        server.Create("cancel", "Stop a transfer and take away what it left.", [name], async call =>
            await call.Client.Transfers.CancelTransferAsync(new CancelTransferRequest { Name = Transfer(call) }, cancellationToken: call.Cancellation)),
    };

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("TRANSFER", "STATE", "ROWS", "SIZE", "DATASET", "ERROR");
        var request = new ListTransfersRequest { Parent = call.Client.Project, PageSize = 1000 };
        do
        {
            var page = await call.Client.Transfers.ListTransfersAsync(request, cancellationToken: call.Cancellation);
            foreach (var t in page.Transfers)
            {
                table.Add(Names.Id(t.Name), Names.Of(t.State), $"{t.RowCount:N0}", Bytes.Short(t.SizeBytes), Names.Id(t.Dataset), t.Error?.Reason ?? "");
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Console.WriteLine(table);
    }

    private string Transfer(ServerCall call) => call.Client.Resource("transfers", call.Parse.GetRequiredValue(name));
}

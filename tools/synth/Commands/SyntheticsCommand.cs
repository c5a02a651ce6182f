using System.CommandLine;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth synthetics</c>: tables that were drawn (<c>synth generate</c>).</summary>
internal sealed class SyntheticsCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("SYNTHETIC") { Description = "The synthetic data set's id or name." };
    private readonly Option<bool> showDeleted = new("--show-deleted") { Description = "Lists deleted ones that can be brought back, too." };

    private readonly RowFileOptions rows = new();

    public Command Create() => new("synthetics", "List, show, download, delete and bring back synthetic data sets.")
    {
        server.Create("list", "List the synthetic data sets of the project, newest first.", [showDeleted], ListAsync),
        server.Create("show", "Show a synthetic data set as JSON.", [name], async call => Print(
            await call.Client.SyntheticDatasets.GetSyntheticDatasetAsync(
                new GetSyntheticDatasetRequest { Name = Name(call) }, cancellationToken: call.Cancellation))),
        server.Create("download", "Download the rows as CSV, Parquet or JSON lines.", [name, .. rows.All], DownloadAsync),
        server.Create("links", "Print links by which others download the rows from the bucket for ten minutes, part by part; for servers that keep one.", [name], LinksAsync),
        server.Create("delete", "Delete a synthetic data set; for a time it can be brought back.", [name], async call =>
            await call.Client.SyntheticDatasets.DeleteSyntheticDatasetAsync(
                new DeleteSyntheticDatasetRequest { Name = Name(call) }, cancellationToken: call.Cancellation)),
        server.Create("undelete", "Bring a deleted synthetic data set back.", [name], async call => Print(
            await call.Client.SyntheticDatasets.UndeleteSyntheticDatasetAsync(
                new UndeleteSyntheticDatasetRequest { Name = Name(call) }, cancellationToken: call.Cancellation))),
        server.Create("purge", "Remove a deleted synthetic data set for good, now.", [name], async call =>
            await call.Client.SyntheticDatasets.PurgeSyntheticDatasetAsync(
                new PurgeSyntheticDatasetRequest { Name = Name(call) }, cancellationToken: call.Cancellation)),
    };

    private async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("SYNTHETIC", "STATE", "GENERATOR", "ROWS", "SIZE");
        var entries = Pages.ReadAsync(
            token => call.Client.SyntheticDatasets.ListSyntheticDatasetsAsync(
                new ListSyntheticDatasetsRequest
                {
                    Parent = call.Client.Project, PageSize = Pages.Size, ShowDeleted = call.Parse.GetValue(showDeleted), PageToken = token,
                },
                cancellationToken: call.Cancellation),
            page => page.SyntheticDatasets, page => page.NextPageToken);
        await foreach (var s in entries)
            table.Add(
                Names.Id(s.Name), s.DeleteTime is null ? Names.Of(s.State) : Names.DeletedUntil(s.PurgeTime),
                Names.Id(s.Generator), $"{s.Rows:N0}", Bytes.Short(s.SizeBytes));

        Console.WriteLine(table);
    }

    private async Task DownloadAsync(ServerCall call)
    {
        var request = new DownloadSyntheticDatasetRequest
        {
            Name = Name(call), Format = rows.Format(call.Parse),
            DefuseFormulas = rows.DefusesFormulas(call.Parse), TextColumns = { rows.TextColumns(call.Parse) },
        };
        await Downloads.SaveAsync(
            call.Client.SyntheticDatasets.DownloadSyntheticDataset(request, cancellationToken: call.Cancellation),
            rows.File(call.Parse).FullName, call.Cancellation);
    }

    private async Task LinksAsync(ServerCall call)
    {
        var answer = await call.Client.SyntheticDatasets.ListDownloadLinksAsync(
            new ListDownloadLinksRequest { Name = Name(call) }, cancellationToken: call.Cancellation);
        Console.WriteLine(Names.Json(answer));
    }

    private static void Print(SyntheticDataset synthetic) => Console.WriteLine(Names.Json(synthetic));

    private string Name(ServerCall call) => call.Client.Resource("syntheticDatasets", call.Parse.GetRequiredValue(name));
}

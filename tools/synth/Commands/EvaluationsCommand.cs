using System.CommandLine;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth evaluations</c>: reports that are on a server. <c>synth evaluate</c> makes one of files.</summary>
internal sealed class EvaluationsCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("EVALUATION") { Description = "Resource name or id of the evaluation." };
    private readonly Option<FileInfo> output = new("--out") { Description = "File for the report: a page, or JSON when its name ends so.", HelpName = "FILE", Required = true };

    public Command Create() => new("evaluations", "List, show, download and delete evaluations of synthetic tables.")
    {
        server.Create("list", "List the evaluations of the project, newest first.", [], ListAsync),
        server.Create("show", "Show an evaluation with its main figures as JSON.", [name], async call => Console.WriteLine(Names.Json(
            await call.Client.Evaluations.GetEvaluationAsync(new GetEvaluationRequest { Name = Evaluation(call) }, cancellationToken: call.Cancellation)))),
        server.Create("download", "Download the report.", [name, output], DownloadAsync),
        server.Create("delete", "Delete an evaluation and its report.", [name], async call =>
            await call.Client.Evaluations.DeleteEvaluationAsync(new DeleteEvaluationRequest { Name = Evaluation(call) }, cancellationToken: call.Cancellation)),
    };

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("EVALUATION", "STATE", "SYNTHETIC", "DATASET", "CREATED", "NAME");
        var entries = Pages.ReadAsync(
            token => call.Client.Evaluations.ListEvaluationsAsync(
                new ListEvaluationsRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Evaluations, page => page.NextPageToken);
        await foreach (var e in entries)
            table.Add(
                Names.Id(e.Name), Names.Of(e.State),
                Names.Id(e.SyntheticDataset.Length > 0 ? e.SyntheticDataset : e.SyntheticUpload),
                Names.Id(e.Dataset), $"{e.CreateTime.ToDateTimeOffset():u}", e.DisplayName);

        Console.WriteLine(table);
    }

    private async Task DownloadAsync(ServerCall call)
    {
        var file = InputFiles.Output("--out", call.Parse.GetRequiredValue(output));
        var format = file.Extension.Equals(".json", StringComparison.OrdinalIgnoreCase) ? ReportFormat.Json : ReportFormat.Html;
        await Downloads.SaveAsync(
            call.Client.Evaluations.DownloadEvaluationReport(
                new DownloadEvaluationReportRequest { Name = $"{Evaluation(call)}/report", Format = format },
                cancellationToken: call.Cancellation),
            file.FullName, call.Cancellation);
    }

    private string Evaluation(ServerCall call) => call.Client.Resource("evaluations", call.Parse.GetRequiredValue(name));
}

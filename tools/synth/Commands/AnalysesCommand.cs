using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth analyses</c>: what <c>synth datasets anonymity</c> and <c>compare</c> found.</summary>
internal sealed class AnalysesCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> dataset = new("DATASET") { Description = "Resource name or id of the data set." };
    private readonly Argument<string> name = new("ANALYSIS") { Description = "Resource name of the analysis, as list prints it, or DATASET/ANALYSIS with the two ids." };

    public Command Create() => new("analyses", "List, show and delete closer looks at data sets; synth datasets anonymity and compare begin them.")
    {
        server.Create("list", "List the analyses of a data set, newest first.", [dataset], ListAsync),
        server.Create("show", "Show an analysis as JSON: what was asked, and where it stands.", [name], async call => Console.WriteLine(Names.Json(
            await call.Client.Analyses.GetAnalysisAsync(new GetAnalysisRequest { Name = Analysis(call) }, cancellationToken: call.Cancellation)))),
        server.Create("result", "Print what an analysis found, as JSON.", [name], async call => Console.WriteLine(
            (await call.Client.Analyses.GetAnalysisResultAsync(new GetAnalysisResultRequest { Name = $"{Analysis(call)}/result" }, cancellationToken: call.Cancellation)).Json)),
        server.Create("delete", "Delete an analysis that has ended.", [name], async call =>
            await call.Client.Analyses.DeleteAnalysisAsync(new DeleteAnalysisRequest { Name = Analysis(call) }, cancellationToken: call.Cancellation)),
    };

    private async Task ListAsync(ServerCall call)
    {
        var parent = call.Client.Resource("datasets", call.Parse.GetRequiredValue(dataset));
        var table = new TextTable("ANALYSIS", "QUESTION", "STATE", "CREATED");
        var entries = Pages.ReadAsync(
            token => call.Client.Analyses.ListAnalysesAsync(
                new ListAnalysesRequest { Parent = parent, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Analyses, page => page.NextPageToken);
        await foreach (var a in entries)
            table.Add(a.Name, a.EarlierDataset.Length > 0 ? $"compared with {Names.Id(a.EarlierDataset)}" : "anonymity", Names.Of(a.State), $"{a.CreateTime.ToDateTimeOffset():u}");

        Console.WriteLine(table);
    }

    private string Analysis(ServerCall call)
    {
        var given = call.Parse.GetRequiredValue(name);
        return given.Split('/') switch
        {
            ["projects", ..] => given,
            [var set, var id] => $"{call.Client.Project}/datasets/{set}/analyses/{id}",
            _ => throw new BadInputException($"'{given}' names no analysis: write its resource name, as synth analyses list prints it, or DATASET/ANALYSIS."),
        };
    }
}

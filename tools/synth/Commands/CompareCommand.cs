using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth compare</c>: reports of several synthetic tables side by side, as one page.</summary>
internal sealed class CompareCommand(TimeProvider time)
{
    private const int Fewest = 2, Most = 8;

    private readonly Argument<FileInfo[]> reports = new("REPORT")
    {
        Description = "Two to eight reports as JSON, of synth run or synth evaluate, on the same training and holdout tables; NAME=FILE gives one a name.",
        Arity = new ArgumentArity(Fewest, Most),
        CustomParser = result => [.. result.Tokens.Select(token => new FileInfo(token.Value))],
    };

    private readonly Option<FileInfo> html = new("--html") { Description = "File for the page.", HelpName = "FILE", Required = true };

    public Command Create() => new Command("compare", "Lay reports of several synthetic tables side by side.") { reports, html }.Does(RunAsync);

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var order = new CompareOrder();
        foreach (var file in parse.GetRequiredValue(reports))
        {
            var (name, path) = Named(file);
            order.Reports.Add(new NamedReport { Name = name, Path = InputFiles.Table("REPORT", path).FullName });
        }

        if (order.Reports.Select(report => report.Name).Distinct(StringComparer.Ordinal).Count() < order.Reports.Count)
        {
            throw new BadInputException("Two reports have the same name: give them names of their own, NAME=FILE.");
        }

        var output = InputFiles.Output("--html", parse.GetRequiredValue(html));
        await using var view = ProgressViews.Create(time);
        await new LocalWorker(view).RunAsync(
            new JobOrder { Compare = order },
            (_, completed) =>
            {
                File.Copy(completed.Artifacts.Single().Path, output.FullName, overwrite: true);
                return Task.CompletedTask;
            },
            cancellation);
        await view.DisposeAsync();
        Console.WriteLine($"Comparison: {output}");
    }

    /// <summary>A name that was given, else the folder of a report.json, else the file's own name.</summary>
    private static (string Name, FileInfo File) Named(FileInfo given)
    {
        var text = given.ToString();
        if (!given.Exists && text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
        {
            return (text[..at], new FileInfo(text[(at + 1)..]));
        }

        return (given.Name == "report.json" ? given.Directory!.Name : Path.GetFileNameWithoutExtension(given.Name), given);
    }
}

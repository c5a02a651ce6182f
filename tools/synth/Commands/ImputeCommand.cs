using System.CommandLine;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth impute</c>: fills the missing cells of a table from a model package.</summary>
internal sealed class ImputeCommand(TimeProvider time)
{
    private readonly Argument<FileInfo> model = new("MODEL") { Description = "A model package (generator.synth)." };
    private readonly Argument<FileInfo> data = new("DATA") { Description = "The table, with the columns that the model learned." };
    private readonly Option<long> seed = new("--seed") { Description = "Equal seeds fill equal values; several seeds show how sure they are.", HelpName = "N" };
    private readonly Option<FileInfo> output = new("--out") { Description = "CSV file for the filled table.", HelpName = "FILE", Required = true };

    public Command Create() =>
        new Command("impute", "Fill the missing cells of a table, each given the observed cells of its row.") { model, data, seed, output }.Does(RunAsync);

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var (package, table) = (InputFiles.Table("MODEL", parse.GetRequiredValue(model)), InputFiles.Table("DATA", parse.GetRequiredValue(data)));
        var target = InputFiles.Output("--out", parse.GetRequiredValue(output));
        var order = new JobOrder
        {
            Impute = new ImputeOrder
            {
                Model = package.FullName, Data = new DataFile { Path = table.FullName, FileName = table.Name }, Seed = parse.GetValue(seed),
            },
        };
        await TableOrder.RunAsync(
            order, target, metrics => $"{Counts.Of(metrics["cells_filled"], "cell")} filled, {metrics["cells_missing"]:N0} still missing", time, cancellation);
    }
}

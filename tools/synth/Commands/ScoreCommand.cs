using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth score</c>: gives each row of a table its log-likelihood under a model package.</summary>
internal sealed class ScoreCommand(TimeProvider time)
{
    private readonly Argument<FileInfo> model = new("MODEL") { Description = "A model package (generator.synth)." };
    private readonly Argument<FileInfo> data = new("DATA") { Description = "The table, with the columns that the model learned." };
    private readonly Option<int> orders = new("--orders") { Description = "Orders of the columns to average over; more smooth the score.", HelpName = "N", DefaultValueFactory = _ => 4 };
    private readonly Option<long> seed = new("--seed") { Description = "Of the orders.", HelpName = "N" };
    private readonly Option<FileInfo> output = new("--out") { Description = "CSV file with one log-likelihood (in nats) a row; the lowest are outliers.", HelpName = "FILE", Required = true };

    public Command Create() =>
        new Command("score", "Say how likely each row of a table is under a model: find outliers.") { model, data, orders, seed, output }.Does(RunAsync);

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        if (parse.GetValue(orders) is < 1 or > 1_000)
        {
            throw new BadInputException("--orders must be 1 to 1000.");
        }

        var (package, table) = (InputFiles.Table("MODEL", parse.GetRequiredValue(model)), InputFiles.Table("DATA", parse.GetRequiredValue(data)));
        var target = InputFiles.Output("--out", parse.GetRequiredValue(output));
        var order = new JobOrder
        {
            ScoreRows = new ScoreRowsOrder
            {
                Model = package.FullName,
                Data = new DataFile { Path = table.FullName, FileName = table.Name },
                Seed = parse.GetValue(seed),
                Orders = parse.GetValue(orders),
            },
        };
        await TableOrder.RunAsync(
            order, target, metrics => $"{Counts.Of(metrics["rows"], "row")} scored, mean log-likelihood {metrics["mean_log_likelihood"]:0.000}", time, cancellation);
    }
}

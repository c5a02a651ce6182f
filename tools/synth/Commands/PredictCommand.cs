using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth predict</c>: the distribution of one column in each row of a table, by a model package.</summary>
internal sealed class PredictCommand(TimeProvider time)
{
    private readonly Argument<FileInfo> model = new("MODEL") { Description = "A model package (generator.synth)." };
    private readonly Argument<FileInfo> data = new("DATA") { Description = "The table, with columns that the model learned; those that it lacks are summed out." };
    private readonly Option<string> column = new("--column") { Description = "The column to predict; its own cells are not looked at.", HelpName = "NAME", Required = true };

    private readonly Option<double[]> quantiles = new("--quantile")
    {
        Description = "Level of a quantile of numbers, dates and times, 0 to 1; may be repeated.", HelpName = "LEVEL", DefaultValueFactory = _ => [0.05, 0.5, 0.95],
    };

    private readonly Option<FileInfo> output = new("--out") { Description = "CSV file with, a row, probability:VALUE for each category or other single value, probability_other for rare ones, mean and quantile:LEVEL of numbers, dates and times, and probability_missing.", HelpName = "FILE", Required = true };

    public Command Create() =>
        new Command("predict", "Say what a column's values may be in each row of a table, given the row's other columns.") { model, data, column, quantiles, output }.Does(RunAsync);

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var levels = parse.GetValue(quantiles)!;
        if (levels.Any(level => level is not (>= 0 and <= 1)))
        {
            throw new BadInputException("--quantile must be 0 to 1.");
        }

        var (package, table) = (InputFiles.Table("MODEL", parse.GetRequiredValue(model)), InputFiles.Table("DATA", parse.GetRequiredValue(data)));
        var target = InputFiles.Output("--out", parse.GetRequiredValue(output));
        var order = new JobOrder
        {
            Predict = new PredictOrder
            {
                Model = package.FullName,
                Data = new DataFile { Path = table.FullName, FileName = table.Name },
                Column = parse.GetRequiredValue(column),
                Quantiles = { levels },
            },
        };
        await TableOrder.RunAsync(
            order, target, metrics => $"{order.Predict.Column} predicted in {Counts.Of(metrics["rows"], "row")}", time, cancellation);
    }
}

using System.CommandLine;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth generate</c>: draws rows from a model package on this machine, or from a generator of a server.</summary>
internal sealed class GenerateCommand(TimeProvider time)
{
    private readonly ConnectionOptions connection = new();
    private readonly Argument<string> model = new("MODEL") { Description = "A model package (generator.synth), or with --server the name of a generator." };
    private readonly Option<long> rows = new("--rows") { Description = "Rows to draw.", HelpName = "N", Required = true };
    private readonly Option<string[]> given = new("--given") { Description = "Condition on every row: \"column=value\", \"column>=value\" (also >, <, <=), \"column in value,value\"; may be repeated.", HelpName = "CONDITION", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> notMissing = new("--not-missing") { Description = "Column that is never missing; may be repeated.", HelpName = "COLUMN", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> rebalance = new("--rebalance") { Description = "Shares of a column's values, \"column=value:0.5,value:0.5\"; may be repeated.", HelpName = "SHARES", DefaultValueFactory = _ => [] };
    private readonly Option<string?> fair = new("--fair") { Description = "Draw the target independently of a sensitive column (demographic parity).", HelpName = "TARGET,SENSITIVE" };
    private readonly Option<string[]> missing = new("--given-missing") { Description = "Column that is missing in every row; may be repeated.", HelpName = "COLUMN", DefaultValueFactory = _ => [] };
    private readonly Option<long> seed = new("--seed") { Description = "Equal seeds draw equal rows.", HelpName = "N" };
    private readonly Option<double> temperature = new("--temperature") { Description = "1 is what was learned; below it rows are more typical, above it more varied.", HelpName = "T", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> defuse = new("--defuse-formulas") { Description = "Put an apostrophe before cells that a spreadsheet would run as formulas." };
    private readonly Option<FileInfo> output = new("--out") { Description = "CSV file for the rows.", HelpName = "FILE", Required = true };

    public Command Create()
    {
        var command = new Command("generate", "Draw rows from a model package or a generator.") { model, rows, given, missing, notMissing, rebalance, fair, seed, temperature, defuse, output };
        connection.AddTo(command);
        return command.Does(RunAsync);
    }

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var request = Read(parse);
        var settings = connection.Read(parse);
        var named = parse.GetRequiredValue(model);
        await using var view = ProgressViews.Create(time);
        if (settings.Server is null)
        {
            var package = InputFiles.Table("MODEL", new FileInfo(named));
            await new LocalGeneration(view).RunAsync(package, request, cancellation);
        }
        else
        {
            await using var server = await ServerSession.OpenAsync(settings, cancellation);
            await new ServerGeneration(server.Client, view, time).RunAsync(server.Client.Resource("generators", named), request, cancellation);
        }

        await view.DisposeAsync();
        Console.WriteLine($"{Counts.Of(request.Rows, "row")} drawn: {request.Output}");
    }

    private GenerateRequest Read(ParseResult parse)
    {
        var count = parse.GetValue(rows);
        if (count < 1)
        {
            throw new BadInputException("--rows must be at least 1.");
        }

        var heat = parse.GetValue(temperature);
        if (!(heat is > 0 and <= 5))
        {
            throw new BadInputException("--temperature must be more than 0 and at most 5.");
        }

        return new GenerateRequest(
            count,
            parse.GetValue(seed),
            RowConditions.Parse(parse.GetValue(given)!, parse.GetValue(missing)!, parse.GetValue(notMissing)!),
            RowConditions.ParseShares("--rebalance", parse.GetValue(rebalance)!),
            parse.GetValue(fair)?.Split(',', StringSplitOptions.TrimEntries) switch
            {
                null => null,
                [{ Length: > 0 } target, { Length: > 0 } sensitive] => (target, sensitive),
                _ => throw new BadInputException("--fair must have the form target,sensitive."),
            },
            heat,
            InputFiles.Output("--out", parse.GetRequiredValue(output)),
            parse.GetValue(defuse));
    }
}

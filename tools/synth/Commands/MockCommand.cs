using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Mock;
using SynthStudio.Tabular;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth mock</c>: makes a table from a declared schema, without data and without a server.</summary>
internal sealed class MockCommand(TimeProvider time)
{
    private readonly Argument<FileInfo> schema = new("SCHEMA") { Description = "Mock schema: a JSON file that declares the columns." };
    private readonly Option<long> rows = new("--rows") { Description = "Rows to make.", DefaultValueFactory = _ => 1000, HelpName = "N" };
    private readonly Option<FileInfo> outFile = new("--out") { Description = "CSV file to write.", Required = true, HelpName = "FILE" };
    private readonly Option<long> seed = new("--seed") { Description = "Equal seeds make equal rows.", HelpName = "N" };

    public Command Create()
    {
        return new Command("mock", "Make a table from a declared schema: distributions, categories, dates, patterns, persons, formulas.")
        {
            schema, rows, outFile, seed,
        }.Does((parse, cancellation) =>
        {
            Make(parse, cancellation);
            return Task.CompletedTask;
        });
    }

    private void Make(ParseResult parse, CancellationToken cancellation)
    {
        var file = InputFiles.Table("SCHEMA", parse.GetRequiredValue(schema));
        var count = parse.GetValue(rows);
        if (count < 1)
        {
            throw new BadInputException("--rows must be at least 1.");
        }

        var target = InputFiles.Output("--out", parse.GetRequiredValue(outFile));
        var begin = time.GetTimestamp();
        MockTable table;
        try
        {
            table = MockTable.Parse(File.ReadAllText(file.FullName));
        }
        catch (MockSchemaException e)
        {
            throw new BadInputException($"SCHEMA: {e.Message}");
        }

        using (var writer = TableWriter.Create(target.FullName, table.Schema))
        {
            foreach (var block in table.Make(count, parse.GetValue(seed), cancellation: cancellation))
            {
                writer.Write(block);
            }
        }

        Console.WriteLine($"{Counts.OfTable(count, table.Schema.Columns.Count)} made: {target} ({time.GetElapsedTime(begin).TotalSeconds:0.0} s)");
    }
}

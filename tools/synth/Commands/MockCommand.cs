using System.CommandLine;
using SynthStudio.Cli.Outcome;
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
        rows.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() < 1)
            {
                result.AddError("--rows must be at least 1.");
            }
        });
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
        var file = parse.GetRequiredValue(schema);
        if (!file.Exists)
        {
            throw new BadInputException($"SCHEMA: there is no file {file.FullName}.");
        }

        var target = InputFiles.Output("--out", parse.GetRequiredValue(outFile));
        var count = parse.GetValue(rows);
        var begin = time.GetTimestamp();
        MockTable table;
        try
        {
            table = MockTable.Parse(File.ReadAllText(file.FullName));
        }
        catch (MockSchemaException e)
        {
            throw new BadInputException(e.Message);
        }

        using (var writer = TableWriter.Create(target.FullName, table.Schema))
        {
            foreach (var block in table.Make(count, parse.GetValue(seed), cancellation: cancellation))
            {
                writer.Write(block);
            }
        }

        Console.WriteLine($"{count:N0} rows of {table.Schema.Columns.Count} columns in {target.FullName} ({time.GetElapsedTime(begin).TotalSeconds:0.0} s)");
    }
}

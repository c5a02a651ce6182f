using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>--format</c>: how rows are written into a file or object.</summary>
internal sealed class FormatOption : Option<string?>
{
    public FormatOption() : base("--format")
    {
        Description = "csv, parquet or jsonl (a JSON object a line); by default what the file's name ends with; csv where it ends with nothing.";
        HelpName = "FORMAT";
    }

    /// <summary>The format that was asked for, or that a file's name says.</summary>
    /// <exception cref="BadInputException">There is no such format, or the name ends with another.</exception>
    public RowFormat Read(ParseResult parse, string fileName) => parse.GetValue(this) switch
    {
        "csv" => RowFormat.Csv,
        "parquet" => RowFormat.Parquet,
        "jsonl" or "ndjson" => RowFormat.JsonLines,
        null => Path.GetExtension(fileName).ToLowerInvariant() switch
        {
            ".parquet" => RowFormat.Parquet,
            ".jsonl" or ".ndjson" => RowFormat.JsonLines,
            "" or ".csv" or ".txt" => RowFormat.Csv,
            var other => throw new BadInputException($"'{fileName}' ends with {other}, which is none of .csv, .parquet and .jsonl: say with --format which it is to be."),
        },
        var other => throw new BadInputException($"--format: '{other}' is none of csv, parquet and jsonl."),
    };
}

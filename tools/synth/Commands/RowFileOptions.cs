using System.CommandLine;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>How downloaded rows are written into a file: <c>--out</c>, <c>--format</c>, <c>--text-column</c>, <c>--defuse-formulas</c>.</summary>
internal sealed class RowFileOptions
{
    private readonly Option<FileInfo> output = new("--out") { Description = "The file; its name may say the format.", HelpName = "FILE", Required = true };
    private readonly FormatOption format = new();
    private readonly TextColumnOption textColumns = new();
    private readonly Option<bool> defuse = new("--defuse-formulas") { Description = "Put an apostrophe before cells that a spreadsheet would run as formulas." };

    public IReadOnlyList<Option> All => [output, format, textColumns, defuse];

    /// <summary>The file that was asked for.</summary>
    public FileInfo File(ParseResult parse) => parse.GetRequiredValue(output);

    /// <summary>The format that was asked for, or that the file's name says.</summary>
    /// <exception cref="Outcome.BadInputException">There is no such format.</exception>
    public RowFormat Format(ParseResult parse) => format.Read(parse, File(parse).Name);

    public IReadOnlyList<string> TextColumns(ParseResult parse) => parse.GetValue(textColumns)!;

    public bool DefusesFormulas(ParseResult parse) => parse.GetValue(defuse);
}

using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>The options that ask for a training under differential privacy.</summary>
internal sealed class PrivacyOptions
{
    private readonly Option<double?> epsilon = new("--epsilon") { Description = "Train under differential privacy that keeps this epsilon; 1 is strong.", HelpName = "E" };
    private readonly Option<double?> delta = new("--delta") { Description = "With --epsilon: probability that the promise may fail; well below 1 over the number of people.", HelpName = "D" };
    private readonly Option<long?> rows = new("--rows-declared") { Description = "With --epsilon: the table's size, where that is public; else it is counted with noise.", HelpName = "N" };
    private readonly Option<string?> unit = new("--unit") { Description = "With --epsilon: the column that says whose a row is; without, every row is taken to be another person's.", HelpName = "COLUMN" };
    private readonly Option<int?> unitRows = new("--max-rows-per-unit") { Description = "With --unit: rows of one person that are used, at most.", HelpName = "K" };

    private readonly Option<string?> part = new("--part") { Description = "With --epsilon: learn this part of a divided data set alone; see synth privacy partition.", HelpName = "NAME" };

    /// <summary>Those of a table; a part has only a data set of a server.</summary>
    public IReadOnlyList<Symbol> OfTable => [epsilon, delta, rows, unit, unitRows];

    public IReadOnlyList<Symbol> All => [.. OfTable, part];

    /// <summary>The terms; null when no promise is asked for.</summary>
    /// <exception cref="BadInputException">Something is missing, or there without <c>--epsilon</c>.</exception>
    public PrivacyTerms? Read(ParseResult parse)
    {
        if (parse.GetValue(epsilon) is not { } promised)
        {
            Option[] others = [delta, rows, unit, unitRows, part];
            return others.FirstOrDefault(o => parse.GetResult(o) is { Implicit: false }) is { } alone
                ? throw new BadInputException($"{alone.Name} needs --epsilon.")
                : null;
        }

        var terms = new PrivacyTerms
        {
            Epsilon = promised,
            Delta = parse.GetValue(delta) ?? throw new BadInputException("--epsilon needs --delta, well below 1 over the number of people, for example 1e-6."),
            UnitColumn = parse.GetValue(unit) ?? "",
            MaxRowsPerUnit = parse.GetValue(unitRows) ?? 1,
            Part = parse.GetValue(part) ?? "",
        };
        if (parse.GetValue(rows) is { } declared) terms.Rows = declared;
        return terms;
    }
}

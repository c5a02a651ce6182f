using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>The options that say what an evaluation looks at.</summary>
internal sealed class EvaluationOptionSet
{
    private readonly Option<string> attacks = new("--privacy-attacks")
    {
        Description = "How thoroughly the table is attacked: none, fast (a few hundred people) or full (thousands).", HelpName = "MODE", DefaultValueFactory = _ => "fast",
    };

    private readonly Option<int> shadows = new("--shadow-models")
    {
        Description = "Generators to train on halves of the people, 2 to 64, for membership inference by shadow models; 0 leaves it out.", HelpName = "N",
    };

    private readonly Option<string> shadowMethod = new("--shadow-method")
    {
        Description = "What shadow models learn by; by default the generator's own method where it is known, else cart.", HelpName = "NAME", DefaultValueFactory = _ => "",
    };

    private readonly Option<string[]> quasi = Columns("--quasi-identifiers", "Columns that others may know of a person; by default guessed by their names.");
    private readonly Option<string[]> protectedColumns = Columns("--protected", "Columns by whose values nobody should be treated; by default guessed by their names.");
    private readonly Option<string[]> targets = Columns("--target", "Columns to predict beside the schema's target.");

    public void AddTo(Command command)
    {
        Option[] all = [attacks, shadows, shadowMethod, quasi, protectedColumns, targets];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="BadInputException">There is no such mode.</exception>
    public EvaluationSettings Read(ParseResult parse) => new()
    {
        PrivacyAttacks = parse.GetValue(attacks) switch
        {
            "none" => PrivacyAttacks.None,
            "fast" => PrivacyAttacks.Fast,
            "full" => PrivacyAttacks.Full,
            var other => throw new BadInputException($"--privacy-attacks is none, fast or full, not '{other}'."),
        },
        ShadowModels = parse.GetValue(shadows) is (0 or (>= 2 and <= 64)) and var count ? count : throw new BadInputException("--shadow-models is 2 to 64, or 0 for none."),
        ShadowMethod = parse.GetValue(shadowMethod)!,
        QuasiIdentifiers = { Names(parse, quasi) },
        ProtectedColumns = { Names(parse, protectedColumns) },
        Targets = { Names(parse, targets) },
    };

    private static Option<string[]> Columns(string name, string description) => new(name)
    {
        Description = description + " Separated by commas, or repeated.", HelpName = "COLUMN,...", DefaultValueFactory = _ => [],
    };

    private static IEnumerable<string> Names(ParseResult parse, Option<string[]> option) =>
        parse.GetValue(option)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

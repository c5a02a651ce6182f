using System.CommandLine;

namespace SynthStudio.Cli.Commands;

/// <summary><c>--text-column</c>: columns of rows that are written somewhere as texts.</summary>
internal sealed class TextColumnOption : Option<string[]>
{
    public TextColumnOption() : base("--text-column")
    {
        Description = "A column that becomes text, whatever it holds; may be repeated.";
        HelpName = "COLUMN";
        DefaultValueFactory = _ => [];
    }
}

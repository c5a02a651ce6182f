using SynthStudio.Mock;

namespace SynthStudio.Synthesis.Declared;

/// <summary>Options of the method.</summary>
/// <param name="Declaration">The declared schema, as JSON.</param>
internal sealed record DeclaredOptions(string Declaration)
{
    /// <summary>The option that holds the declared schema.</summary>
    public const string DeclarationName = "declaration";

    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Text(DeclarationName, "The columns as JSON, as synth mock takes them: {\"columns\": {name: {\"type\": ...}}}. Needed."),
    ];

    /// <exception cref="SynthesisException">An option is unknown, or the declaration is missing.</exception>
    public static DeclaredOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(DeclaredSynthesizer.Name, Known, given);
        return new DeclaredOptions(options.TextOrNull(DeclarationName) ?? throw new SynthesisException(
            SynthesisError.OptionOutOfRange, $"The method '{DeclaredSynthesizer.Name}' needs the option '{DeclarationName}': the columns of the table to make.", DeclarationName));
    }

    /// <summary>The table that is declared.</summary>
    /// <exception cref="SynthesisException">The declaration cannot be used; the message names column and property.</exception>
    public MockTable Table()
    {
        try
        {
            return MockTable.Parse(Declaration);
        }
        catch (MockSchemaException wrong)
        {
            throw new SynthesisException(SynthesisError.OptionOutOfRange, wrong.Message, DeclarationName, wrong);
        }
    }
}

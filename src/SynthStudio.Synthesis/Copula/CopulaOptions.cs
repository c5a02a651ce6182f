namespace SynthStudio.Synthesis.Copula;

/// <summary>Options of the method.</summary>
internal sealed record CopulaOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("category_variables", "Latent variables of a category at most; rarer categories share the last one.", 1, 64),
        MethodOption.ProtectRare,
    ];

    public int? CategoryVariables { get; init; }

    public required bool ProtectRare { get; init; }

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static CopulaOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(CopulaSynthesizer.Name, Known, given);
        return new CopulaOptions { CategoryVariables = options.IntegerOrNull("category_variables"), ProtectRare = options.Flag("protect_rare") };
    }
}

namespace SynthStudio.Synthesis.Independent;

/// <summary>Options of the method.</summary>
internal sealed record IndependentOptions(bool ProtectRare)
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.ProtectRare,
    ];

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static IndependentOptions Parse(IReadOnlyDictionary<string, string> given) =>
        new(new MethodOptions(IndependentSynthesizer.Name, Known, given).Flag("protect_rare"));
}

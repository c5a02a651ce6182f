namespace SynthStudio.Synthesis.Bootstrap;

/// <summary>The method has no options: it copies.</summary>
internal static class BootstrapOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } = [];

    /// <exception cref="SynthesisException">Any option was given.</exception>
    public static void Parse(IReadOnlyDictionary<string, string> given) => _ = new MethodOptions(BootstrapSynthesizer.Name, Known, given);
}

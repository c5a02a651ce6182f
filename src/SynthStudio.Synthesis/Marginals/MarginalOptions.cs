namespace SynthStudio.Synthesis.Marginals;

/// <summary>Options of the marginal methods.</summary>
/// <param name="Bins">Bins of numbers, dates and times that declare none.</param>
internal sealed record MarginalOptions(int Bins)
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("bins", "Ranges that numbers, dates and times are cut into unless the schema says how many.", 2, 1_000, 32),
    ];

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static MarginalOptions Parse(string method, IReadOnlyDictionary<string, string> given) => new(new MethodOptions(method, Known, given).Integer("bins"));
}

namespace SynthStudio.Synthesis.Cart;

/// <summary>Options of the method.</summary>
internal sealed record CartOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("minimum_leaf", "Training rows that every leaf has at least: a value is drawn from among as many.", 2, 100_000, 10),
        MethodOption.Number(
            "split_penalty", "What a split must gain, as a multiple of what chance alone would; 0 splits as long as leaves allow.", 0, 10, 1),
        MethodOption.Integer("max_predictors", "Columns that a column's tree may look at, the most informative ones.", 1, 1_000, 40),
        MethodOption.Flag("smoothing", "Spread continuous values between the values of their leaf instead of repeating them.", true),
        MethodOption.ProtectRare,
    ];

    public required int MinimumLeaf { get; init; }

    public required double SplitPenalty { get; init; }

    public required int MaxPredictors { get; init; }

    public required bool Smoothing { get; init; }

    public required bool ProtectRare { get; init; }

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static CartOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(CartSynthesizer.Name, Known, given);
        return new CartOptions
        {
            MinimumLeaf = options.Integer("minimum_leaf"),
            SplitPenalty = options.Number("split_penalty"),
            MaxPredictors = options.Integer("max_predictors"),
            Smoothing = options.Flag("smoothing"),
            ProtectRare = options.Flag("protect_rare"),
        };
    }
}

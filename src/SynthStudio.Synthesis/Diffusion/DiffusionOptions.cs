namespace SynthStudio.Synthesis.Diffusion;

/// <summary>Options of the method.</summary>
internal sealed record DiffusionOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("epochs", "Passes over the rows.", 1, 100_000, 300),
        MethodOption.Integer("batch_size", "Rows in a step.", 16, 65_536),
        MethodOption.Integer("width", "Units of the network's hidden layers.", 16, 4_096, 256),
        MethodOption.Integer("blocks", "Residual blocks of the network.", 1, 32, 3),
        MethodOption.Integer("sampling_steps", "Steps from noise to rows; more are slower and better.", 2, 1_000, 50),
        MethodOption.Number("learning_rate", "Largest learning rate of AdamW.", 1e-6, 0.1, 1e-3),
        MethodOption.ProtectRare,
    ];

    public required int Epochs { get; init; }

    public int? BatchSize { get; init; }

    public required int Width { get; init; }

    public required int Blocks { get; init; }

    public required int SamplingSteps { get; init; }

    public required double LearningRate { get; init; }

    public required bool ProtectRare { get; init; }

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static DiffusionOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(DiffusionSynthesizer.Name, Known, given);
        return new DiffusionOptions
        {
            Epochs = options.Integer("epochs"),
            BatchSize = options.IntegerOrNull("batch_size"),
            Width = options.Integer("width"),
            Blocks = options.Integer("blocks"),
            SamplingSteps = options.Integer("sampling_steps"),
            LearningRate = options.Number("learning_rate"),
            ProtectRare = options.Flag("protect_rare"),
        };
    }
}

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// Options of the method; the defaults are the published ones, but for three: a critic that judges ten rows together (pac) sees a tenth of the examples;
/// at a learning rate of 0.0002 the published epochs end before the networks have learned what depends on what; and a generator trained on categories
/// by the logarithm of their rows, with the statistics of its normalisation from such batches, draws another table than the one that is there.
/// </summary>
internal sealed record CtganOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("epochs", "Passes over the rows.", 1, 100_000, 300),
        MethodOption.Integer("batch_size", "Rows in a step; rounded down to a multiple of twice pac.", 16, 65_536),
        MethodOption.Integer("generator_width", "Units of the generator's hidden layers.", 8, 4_096, 256),
        MethodOption.Integer("critic_width", "Units of the critic's hidden layers.", 8, 4_096, 256),
        MethodOption.Integer("embedding_dim", "Dimensions of the generator's noise.", 1, 1_024, 128),
        MethodOption.Integer("pac", "Rows that the critic judges together.", 1, 100, 2),
        MethodOption.Integer("critic_steps", "Updates of the critic in a step.", 1, 10, 1),
        MethodOption.Number("learning_rate", "Largest learning rate of both networks.", 1e-6, 0.1, 1e-3),
        MethodOption.Flag("log_frequency", "Train on rare categories more often than they occur.", false),
        MethodOption.ProtectRare,
    ];

    public required int Epochs { get; init; }

    public int? BatchSize { get; init; }

    public required int GeneratorWidth { get; init; }

    public required int CriticWidth { get; init; }

    public required int EmbeddingDim { get; init; }

    public required int Pac { get; init; }

    public required int CriticSteps { get; init; }

    public required double LearningRate { get; init; }

    public required bool LogFrequency { get; init; }

    public required bool ProtectRare { get; init; }

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static CtganOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(CtganSynthesizer.Name, Known, given);
        return new CtganOptions
        {
            Epochs = options.Integer("epochs"),
            BatchSize = options.IntegerOrNull("batch_size"),
            GeneratorWidth = options.Integer("generator_width"),
            CriticWidth = options.Integer("critic_width"),
            EmbeddingDim = options.Integer("embedding_dim"),
            Pac = options.Integer("pac"),
            CriticSteps = options.Integer("critic_steps"),
            LearningRate = options.Number("learning_rate"),
            LogFrequency = options.Flag("log_frequency"),
            ProtectRare = options.Flag("protect_rare"),
        };
    }
}

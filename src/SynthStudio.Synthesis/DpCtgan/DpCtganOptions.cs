namespace SynthStudio.Synthesis.DpCtgan;

/// <summary>Options of the method; what is not given is chosen by public facts.</summary>
internal sealed record DpCtganOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("generator_width", "Units of the generator's hidden layers.", 8, 4_096, 128),
        MethodOption.Integer("critic_width", "Units of the critic's hidden layers.", 8, 4_096, 64),
        MethodOption.Integer("embedding_dim", "Dimensions of the generator's noise.", 1, 1_024, 64),
        MethodOption.Integer("fake_rows", "Rows that the generator draws in a step.", 16, 65_536, 256),
        MethodOption.Integer("steps", "Steps of both networks, over which the promise is spread.", 1, 1_000_000, 2_000),
        MethodOption.Number("sample_rate", "Probability of each row to be in a step.", 1e-6, 1),
        MethodOption.Number("clip_norm", "Largest norm of one row's gradient; larger ones are scaled down.", 1e-3, 1_000, 1),
        MethodOption.Number("learning_rate", "Largest learning rate of both networks.", 1e-6, 0.1, 1e-3),
    ];

    public required int GeneratorWidth { get; init; }

    public required int CriticWidth { get; init; }

    public required int EmbeddingDim { get; init; }

    public required int FakeRows { get; init; }

    public long? Steps { get; init; }

    public double? SampleRate { get; init; }

    public required double ClipNorm { get; init; }

    public required double LearningRate { get; init; }

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static DpCtganOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(DpCtganSynthesizer.Name, Known, given);
        return new DpCtganOptions
        {
            GeneratorWidth = options.Integer("generator_width"),
            CriticWidth = options.Integer("critic_width"),
            EmbeddingDim = options.Integer("embedding_dim"),
            FakeRows = options.Integer("fake_rows"),
            Steps = options.IntegerOrNull("steps"),
            SampleRate = options.NumberOrNull("sample_rate"),
            ClipNorm = options.Number("clip_norm"),
            LearningRate = options.Number("learning_rate"),
        };
    }
}

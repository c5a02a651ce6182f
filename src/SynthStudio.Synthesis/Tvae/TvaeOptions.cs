namespace SynthStudio.Synthesis.Tvae;

/// <summary>Options of the method; the defaults are the published ones.</summary>
internal sealed record TvaeOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("epochs", "Passes over the rows.", 1, 100_000, 300),
        MethodOption.Integer("batch_size", "Rows in a step.", 16, 65_536),
        MethodOption.Integer("width", "Units of the hidden layers of encoder and decoder.", 8, 4_096, 128),
        MethodOption.Integer("embedding_dim", "Dimensions of the latent space.", 1, 1_024, 128),
        MethodOption.Number("loss_factor", "Weight of the reconstruction against the divergence; 1 is the likelihood bound.", 0.1, 100, 2),
        MethodOption.Number("learning_rate", "Largest learning rate of AdamW.", 1e-6, 0.1, 1e-3),
        MethodOption.ProtectRare,
    ];

    public required int Epochs { get; init; }

    public int? BatchSize { get; init; }

    public required int Width { get; init; }

    public required int EmbeddingDim { get; init; }

    public required double LossFactor { get; init; }

    public required double LearningRate { get; init; }

    public required bool ProtectRare { get; init; }

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static TvaeOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(TvaeSynthesizer.Name, Known, given);
        return new TvaeOptions
        {
            Epochs = options.Integer("epochs"),
            BatchSize = options.IntegerOrNull("batch_size"),
            Width = options.Integer("width"),
            EmbeddingDim = options.Integer("embedding_dim"),
            LossFactor = options.Number("loss_factor"),
            LearningRate = options.Number("learning_rate"),
            ProtectRare = options.Flag("protect_rare"),
        };
    }
}

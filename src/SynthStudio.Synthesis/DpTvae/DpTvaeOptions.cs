namespace SynthStudio.Synthesis.DpTvae;

/// <summary>Options of the method; what is not given is chosen by public facts.</summary>
internal sealed record DpTvaeOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("width", "Units of the hidden layers of encoder and decoder.", 8, 4_096, 128),
        MethodOption.Integer("embedding_dim", "Dimensions of the latent space.", 1, 1_024, 16),
        MethodOption.Number("loss_factor", "Weight of the reconstruction against the divergence; 1 is the likelihood bound.", 0.1, 100, 5),
        MethodOption.Integer("steps", "Optimiser steps, over which the promise is spread.", 1, 1_000_000, 800),
        MethodOption.Number("sample_rate", "Probability of each row to be in a step.", 1e-6, 1),
        MethodOption.Number("clip_norm", "Largest norm of one row's gradient; larger ones are scaled down.", 1e-3, 1_000, 1),
        MethodOption.Number("learning_rate", "Largest learning rate of AdamW.", 1e-6, 0.1, 1e-2),
    ];

    public required int Width { get; init; }

    public required int EmbeddingDim { get; init; }

    public required double LossFactor { get; init; }

    public long? Steps { get; init; }

    public double? SampleRate { get; init; }

    public required double ClipNorm { get; init; }

    public double? LearningRate { get; init; }

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static DpTvaeOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(DpTvaeSynthesizer.Name, Known, given);
        return new DpTvaeOptions
        {
            Width = options.Integer("width"),
            EmbeddingDim = options.Integer("embedding_dim"),
            LossFactor = options.Number("loss_factor"),
            Steps = options.IntegerOrNull("steps"),
            SampleRate = options.NumberOrNull("sample_rate"),
            ClipNorm = options.Number("clip_norm"),
            LearningRate = options.NumberOrNull("learning_rate"),
        };
    }
}

namespace SynthStudio.Synthesis.DpAutoregressive;

/// <summary>Options of the method; what is not given is chosen by public facts.</summary>
internal sealed record DpAutoregressiveOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("width", "Units of the network's hidden layers.", 16, 4_096, 128),
        MethodOption.Integer("blocks", "Residual blocks of the network.", 1, 32, 1),
        MethodOption.Integer("steps", "Optimiser steps, over which the promise is spread.", 1, 1_000_000),
        MethodOption.Number("sample_rate", "Probability of each row to be in a step.", 1e-6, 1),
        MethodOption.Number("clip_norm", "Largest norm of one row's gradient; larger ones are scaled down.", 1e-3, 1_000, 1),
        MethodOption.Number("any_order_share", "Share of the rows that are learned in a random order of the columns, for samples with given columns.", 0, 1, 0.25),
        MethodOption.Number("learning_rate", "Largest learning rate of AdamW.", 1e-6, 0.1),
    ];

    public required int Width { get; init; }

    public required int Blocks { get; init; }

    public long? Steps { get; init; }

    public double? SampleRate { get; init; }

    public required double ClipNorm { get; init; }

    public required double AnyOrderShare { get; init; }

    public double? LearningRate { get; init; }

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static DpAutoregressiveOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(DpAutoregressiveSynthesizer.Name, Known, given);
        return new DpAutoregressiveOptions
        {
            Width = options.Integer("width"),
            Blocks = options.Integer("blocks"),
            Steps = options.IntegerOrNull("steps"),
            SampleRate = options.NumberOrNull("sample_rate"),
            ClipNorm = options.Number("clip_norm"),
            AnyOrderShare = options.Number("any_order_share"),
            LearningRate = options.NumberOrNull("learning_rate"),
        };
    }
}

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>Options of the method; what is not given is chosen by the table's size.</summary>
internal sealed record AutoregressiveOptions
{
    private const string LearningRateName = "learning_rate";

    /// <summary>A network that starts from trained weights takes steps this much smaller: it is to move, not to forget.</summary>
    private const double WarmLearningRateShare = 0.3;

    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Integer("width", "Units of the network's hidden layers.", 16, 4_096),
        MethodOption.Integer("blocks", "Residual blocks of the network.", 1, 32, 3),
        MethodOption.Integer("steps", "Optimiser steps.", 1, 10_000_000),
        MethodOption.Integer("batch_size", "Rows in a step.", 16, 65_536),
        MethodOption.Number(LearningRateName, "Largest learning rate of AdamW; from an earlier model three tenths of it, unless it is given.", 1e-6, 0.1, 2e-3),
        MethodOption.Number("dropout", "Share of the hidden units that a training step leaves out, against learning rows by heart.", 0, 0.9, 0.1),
        MethodOption.Flag("refine", "Correct drawn values where boosted trees can tell them from real ones.", true),
        MethodOption.ProtectRare,
    ];

    public int? Width { get; init; }

    public required int Blocks { get; init; }

    public long? Steps { get; init; }

    public int? BatchSize { get; init; }

    public required double LearningRate { get; init; }

    public required double Dropout { get; init; }

    public required bool Refine { get; init; }

    public required bool ProtectRare { get; init; }

    /// <summary>The options of a training that starts from an earlier model.</summary>
    /// <param name="given">What they were parsed from.</param>
    /// <exception cref="SynthesisException">One is given that the model has settled: its network's size, or what its codecs protect.</exception>
    public AutoregressiveOptions LearningOn(IReadOnlyDictionary<string, string> given)
    {
        if (given.Keys.FirstOrDefault(name => name is "width" or "blocks" or "protect_rare") is { } settled)
        {
            throw new SynthesisException(
                SynthesisError.OptionOutOfRange, $"The model to start from settles the option '{settled}': leave it out, or train without an earlier model.", settled);
        }

        return given.ContainsKey(LearningRateName) ? this : this with { LearningRate = LearningRate * WarmLearningRateShare };
    }

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static AutoregressiveOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(AutoregressiveSynthesizer.Name, Known, given);
        return new AutoregressiveOptions
        {
            Width = options.IntegerOrNull("width"),
            Blocks = options.Integer("blocks"),
            Steps = options.IntegerOrNull("steps"),
            BatchSize = options.IntegerOrNull("batch_size"),
            LearningRate = options.Number(LearningRateName),
            Dropout = options.Number("dropout"),
            Refine = options.Flag("refine"),
            ProtectRare = options.Flag("protect_rare"),
        };
    }
}

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>Options of the method; what is not given is chosen by the table's size.</summary>
internal sealed record AutoregressiveOptions
{
    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        new("width", "Units of the network's hidden layers.", "", "16 to 4096"),
        new("blocks", "Residual blocks of the network.", "3", "1 to 32"),
        new("steps", "Optimiser steps.", "", "1 to 10000000"),
        new("batch_size", "Rows in a step.", "", "16 to 65536"),
        new("learning_rate", "Largest learning rate of AdamW.", "0.002", "0.000001 to 0.1"),
        new("protect_rare", "Leave out rare categories and extreme values.", "true", "true or false"),
    ];

    public int? Width { get; init; }

    public int Blocks { get; init; } = 3;

    public long? Steps { get; init; }

    public int? BatchSize { get; init; }

    public double LearningRate { get; init; } = 2e-3;

    public bool ProtectRare { get; init; } = true;

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static AutoregressiveOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(AutoregressiveSynthesizer.Name, Known, given);
        var defaults = new AutoregressiveOptions();
        return new AutoregressiveOptions
        {
            Width = (int?)options.Integer("width", 16, 4_096),
            Blocks = (int?)options.Integer("blocks", 1, 32) ?? defaults.Blocks,
            Steps = options.Integer("steps", 1, 10_000_000),
            BatchSize = (int?)options.Integer("batch_size", 16, 65_536),
            LearningRate = options.Number("learning_rate", 1e-6, 0.1) ?? defaults.LearningRate,
            ProtectRare = options.Flag("protect_rare") ?? defaults.ProtectRare,
        };
    }
}

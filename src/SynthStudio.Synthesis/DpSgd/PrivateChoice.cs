namespace SynthStudio.Synthesis.DpSgd;

/// <summary>How long, in what batches and how fast to train privately. Nothing of it follows from the data.</summary>
/// <param name="Steps">Optimiser steps, over which the promise is spread.</param>
/// <param name="SampleRate">Probability of a row to be in a step; null follows from the declared number of rows.</param>
/// <param name="ClipNorm">Largest norm of a row's gradient.</param>
/// <param name="LearningRate">Largest learning rate.</param>
/// <param name="WantedBatch">
/// Rows in a step where the sample rate is left open. More of them cost time, and in the end privacy as well: the noise for a
/// promise grows with them.
/// </param>
internal sealed record PrivateChoice(long Steps, double? SampleRate, double ClipNorm, double LearningRate, double WantedBatch)
{
    /// <summary>Without a declared number of rows: it may not follow from the counted one, or the accountant would have to know that it does.</summary>
    private const double UsualSampleRate = 1.0 / 16;

    /// <summary>The options of every method under DP-SGD.</summary>
    /// <param name="steps">Default.</param>
    /// <param name="batchRows">Default.</param>
    /// <param name="clipNorm">Default.</param>
    /// <param name="learningRate">Default.</param>
    public static IReadOnlyList<MethodOption> Known(int steps, int batchRows, double clipNorm, double learningRate) =>
    [
        MethodOption.Integer("steps", "Optimiser steps, over which the promise is spread.", 1, 1_000_000, steps),
        MethodOption.Integer("batch_rows", "Rows in a step, on average, where their number is declared and no sample rate is given.", 1, 1_000_000, batchRows),
        MethodOption.Number("sample_rate", "Probability of each row to be in a step; follows from the declared number of rows unless given.", 1e-6, 1),
        MethodOption.Number("clip_norm", "Largest norm of one row's gradient; larger ones are scaled down.", 1e-3, 10_000, clipNorm),
        MethodOption.Number("learning_rate", "Largest learning rate of AdamW.", 1e-6, 0.1, learningRate),
        .. Private.DomainOptions.Known(bins: 64),
    ];

    /// <summary>As given to a method that knows them.</summary>
    public static PrivateChoice Of(MethodOptions options) => new(
        options.Integer("steps"), options.NumberOrNull("sample_rate"), options.Number("clip_norm"), options.Number("learning_rate"), options.Integer("batch_rows"));

    /// <summary>The sample rate, from public facts.</summary>
    /// <param name="declaredRows">Null when they are not public.</param>
    public double SampleRateFor(long? declaredRows) => SampleRate ?? (declaredRows is { } rows ? Math.Min(WantedBatch / rows, 0.5) : UsualSampleRate);
}

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// How long, in what batches and how fast to train privately. What is left open follows from public facts: the declared number of rows and epsilon.
/// </summary>
/// <param name="Steps">Optimiser steps; null chooses.</param>
/// <param name="SampleRate">Probability of a row to be in a step; null chooses.</param>
/// <param name="ClipNorm">Largest norm of a row's gradient.</param>
/// <param name="LearningRate">Largest learning rate; null chooses.</param>
internal sealed record PrivateChoice(long? Steps, double? SampleRate, double ClipNorm, double? LearningRate)
{
    /// <summary>Rows in a step where the sample rate is left open. More of them cost time, and in the end privacy as well: the noise for a promise grows with them.</summary>
    public double WantedBatch { get; init; } = 256;

    /// <summary>Without a declared number of rows: it may not follow from the counted one, or the accountant would have to know that it does.</summary>
    private const double UsualSampleRate = 1.0 / 16;

    private const long UsualSteps = 400;

    private const double UsualLearningRate = 4e-3;

    /// <summary>The choice with nothing left open.</summary>
    /// <param name="declaredRows">Null when they are not public.</param>
    public (long Steps, double SampleRate, double LearningRate) Settled(long? declaredRows) => (
        Steps ?? UsualSteps,
        SampleRate ?? (declaredRows is { } rows ? Math.Min(WantedBatch / rows, 0.5) : UsualSampleRate),
        LearningRate ?? UsualLearningRate);
}

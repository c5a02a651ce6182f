using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>What the method chooses by the table's size.</summary>
/// <param name="Width">Units of the hidden layers.</param>
/// <param name="BatchRows">Rows in a step.</param>
/// <param name="Shards">Parts of a batch that are computed side by side.</param>
/// <param name="Steps">Optimiser steps.</param>
internal sealed record AutoregressiveSizes(int Width, int BatchRows, int Shards, long Steps)
{
    private const int ShardRows = 128;

    public static AutoregressiveSizes Choose(int rows, TokenLayout tokens, AutoregressiveOptions options)
    {
        var batch = options.BatchSize ?? Math.Clamp((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(rows / 16)), 64, 512);
        var shards = Math.Max(1, batch / ShardRows);
        batch = batch / shards * shards;
        var width = options.Width ?? 256;
        var steps = options.Steps ?? Math.Clamp(60L * rows / batch, 1_000, 3_000);
        return new AutoregressiveSizes(width, batch, shards, steps);
    }

    public TrainingPlan Plan(int trainingRows, AutoregressiveOptions options, TimeSpan? maxTime) => new()
    {
        Steps = Steps,
        BatchRows = BatchRows,
        TrainingRows = trainingRows,
        LearningRate = options.LearningRate,
        WarmUpSteps = (int)Math.Min(100, Steps / 20 + 1),
        ValidateEvery = Math.Max(Steps / 30, 25),
        MaxTime = maxTime,
    };
}

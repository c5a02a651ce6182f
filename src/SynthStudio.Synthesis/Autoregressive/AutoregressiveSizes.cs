using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>What the method chooses by the table's size.</summary>
/// <param name="Width">Units of the hidden layers.</param>
/// <param name="BatchRows">Rows in a step.</param>
/// <param name="Shards">Parts of a batch that are computed side by side.</param>
/// <param name="Steps">Optimiser steps.</param>
internal sealed record AutoregressiveSizes(int Width, int BatchRows, int Shards, long Steps)
{
    /// <summary>Rows of a shard: fewer cost more time in small operations, and every shard has a gradient of its own to clear and to add.</summary>
    private const int ShardRows = 256;

    /// <summary>At least so many shards, for two threads to work on.</summary>
    private const int FewestShards = 2;

    /// <summary>
    /// Tables with fewer rows get a narrow network and fewer steps: a wide one, or more of them, draw rows closer to
    /// training rows than to others.
    /// </summary>
    private const int FewRows = 2_000, VeryFewRows = 600;

    /// <summary>Passes over the rows: so many, and one more for each column, as a pass shows every row with one of its many masks only.</summary>
    private const int BasePasses = 16;

    /// <summary>Bounds of the steps: small tables need time to learn at all, large ones are learned before they were seen often.</summary>
    private const long FewestSteps = 1_000, MostSteps = 3_000;

    /// <summary>Steps of tables with few rows: see <see cref="FewRows"/>.</summary>
    private const long StepsOfFewRows = 400;

    public static AutoregressiveSizes Choose(int rows, int columns, AutoregressiveOptions options)
    {
        var batch = options.BatchSize ?? Math.Clamp((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(rows / 16)), 64, 512);
        var shards = Math.Max(FewestShards, batch / ShardRows);
        batch = batch / shards * shards;
        var width = options.Width ?? (rows < VeryFewRows ? 32 : rows < FewRows ? 64 : 256);
        var steps = options.Steps ?? (rows < FewRows ? StepsOfFewRows : Math.Clamp((BasePasses + (long)columns) * rows / batch, FewestSteps, MostSteps));
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

namespace SynthStudio.Synthesis.Training;

/// <summary>How long and how fast to train. Counted in steps, so that the result does not depend on how busy the machine is.</summary>
internal sealed record TrainingPlan
{
    /// <summary>Optimiser steps.</summary>
    public required long Steps { get; init; }

    /// <summary>Rows in a step.</summary>
    public required int BatchRows { get; init; }

    /// <summary>Training rows, held-back ones not counted.</summary>
    public required int TrainingRows { get; init; }

    /// <summary>Largest learning rate; it rises over <see cref="WarmUpSteps"/> and then falls by a cosine.</summary>
    public required double LearningRate { get; init; }

    public int WarmUpSteps { get; init; } = 50;

    /// <summary>The cosine ends at this share of <see cref="LearningRate"/>.</summary>
    public double FinalShare { get; init; } = 0.01;

    /// <summary>
    /// Per unit of learning rate. Strong, as it must act within a few thousand steps: at a learning rate of 0.002 weights forget half of their
    /// size in 350 steps.
    /// </summary>
    public double WeightDecay { get; init; } = 1;

    /// <summary>Largest Euclidean norm of a step's gradient.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Decay of the optimiser's first and second moments per step.</summary>
    public (double First, double Second) Betas { get; init; } = (0.9, 0.99);

    /// <summary>Decay of the averaged weights per step, once warmed up.</summary>
    public double AverageDecay { get; init; } = 0.998;

    /// <summary>Steps between two measurements of the held-back loss.</summary>
    public required long ValidateEvery { get; init; }

    /// <summary>
    /// After so many measurements without improvement the best weights are taken up again with a smaller learning rate, and after the last
    /// such reduction training ends.
    /// </summary>
    public int Patience { get; init; } = 3;

    /// <summary>Factor on the learning rate at each reduction.</summary>
    public double Reduction { get; init; } = 0.3;

    /// <summary>How often the learning rate is reduced before training ends.</summary>
    public int MaxReductions { get; init; } = 3;

    /// <summary>Wall-clock limit. When it would be passed, the schedule is shortened to end there.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Learning rate of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="done">Share of the training that is done, by steps or by time, 0 to 1.</param>
    /// <param name="reductions">How often the held-back loss stopped improving so far.</param>
    public double LearningRateAt(long step, double done, int reductions)
    {
        var warmUp = Math.Min(1, (step + 1.0) / Math.Max(WarmUpSteps, 1));
        return LearningRate * Math.Pow(Reduction, reductions) * warmUp
            * (FinalShare + (1 - FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(done, 0, 1))));
    }
}

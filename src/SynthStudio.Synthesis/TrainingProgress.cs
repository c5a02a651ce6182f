namespace SynthStudio.Synthesis;

/// <summary>Where a training stands.</summary>
/// <param name="Stage">What is being done, for example <c>encode</c> or <c>train</c>.</param>
/// <param name="Fraction">Share of the stage that is done, 0 to 1.</param>
/// <param name="Step">Optimiser steps so far; 0 outside training.</param>
/// <param name="Epoch">Passes over the training rows so far, with fraction.</param>
/// <param name="TrainingLoss">Smoothed loss on training rows in nats a row; null when not known yet.</param>
/// <param name="ValidationLoss">Newest loss on held-back rows in nats a row, weighted as in training; null when not measured yet.</param>
/// <param name="StepsPerSecond">Optimiser steps a second, smoothed; null when not known yet.</param>
/// <param name="Remaining">Expected time to the end of the stage; null when not known yet.</param>
/// <param name="Epsilon">Privacy loss spent so far under terms; null without. Losses are then null: they would be a release of their own.</param>
public sealed record TrainingProgress(
    string Stage,
    double Fraction,
    long Step = 0,
    double Epoch = 0,
    double? TrainingLoss = null,
    double? ValidationLoss = null,
    double? StepsPerSecond = null,
    TimeSpan? Remaining = null,
    double? Epsilon = null);

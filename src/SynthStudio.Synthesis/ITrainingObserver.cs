using SynthStudio.Privacy.Events;

namespace SynthStudio.Synthesis;

/// <summary>Told of a training as it happens. Called from the training thread; must return at once.</summary>
public interface ITrainingObserver
{
    void Report(TrainingProgress progress);

    /// <summary>A checkpoint was written completely and verified; <paramref name="file"/> stays until the next but one.</summary>
    void CheckpointWritten(string file, long step);

    /// <summary>A checkpoint cannot be resumed from; the one before it is tried next, and without any the training starts anew.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="reason">What is wrong with it, as the end of a sentence.</param>
    void CheckpointRefused(string file, string reason)
    {
    }

    /// <summary>Privacy is about to be spent: called by the loop that adds the noise, before the noisy value is used.</summary>
    /// <param name="total">Everything that the training has spent so far, this included.</param>
    /// <param name="epsilon">What it amounts to at the promise's delta, rounded up.</param>
    void Spent(PrivacyEvent total, double epsilon)
    {
    }

    /// <summary>Asked at step borders: train on, or stop after a checkpoint (pause, shutdown).</summary>
    TrainingWish Wish { get; }
}

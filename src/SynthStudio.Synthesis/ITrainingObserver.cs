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

    /// <summary>Private data are about to be used: told by what adds the noise, before the noisy value is used for anything.</summary>
    /// <param name="total">Everything spent so far, this included.</param>
    /// <param name="epsilon">The privacy loss of all that, at the delta of the terms.</param>
    void Spent(PrivacyEvent total, double epsilon)
    {
    }

    /// <summary>Asked at step borders: train on, or stop after a checkpoint (pause, shutdown).</summary>
    TrainingWish Wish { get; }
}

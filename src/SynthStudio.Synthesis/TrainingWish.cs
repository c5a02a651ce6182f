namespace SynthStudio.Synthesis;

/// <summary>What the owner of a training wants at the next step border.</summary>
public enum TrainingWish
{
    Continue,

    /// <summary>Write a checkpoint and leave with <see cref="TrainingPausedException"/>.</summary>
    Pause,
}

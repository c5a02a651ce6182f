namespace SynthStudio.Synthesis;

/// <summary>Training stopped because it was asked to pause; the checkpoint named here continues it.</summary>
public sealed class TrainingPausedException(string checkpointFile, long step) : Exception("Training is paused.")
{
    public string CheckpointFile { get; } = checkpointFile;

    public long Step { get; } = step;
}

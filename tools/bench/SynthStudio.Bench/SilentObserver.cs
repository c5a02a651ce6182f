using SynthStudio.Synthesis;

namespace SynthStudio.Bench;

/// <summary>Lets a training run to its end and says nothing.</summary>
internal sealed class SilentObserver : ITrainingObserver
{
    public TrainingWish Wish => TrainingWish.Continue;

    public void Report(TrainingProgress progress)
    {
    }

    public void CheckpointWritten(string file, long step)
    {
    }
}

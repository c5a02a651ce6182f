using SynthStudio.Privacy.Events;

namespace SynthStudio.Synthesis.Tests;

/// <summary>Observes nothing, wishes what it is told to at a step.</summary>
internal sealed class Observer(Func<long, TrainingWish>? wish = null, Action<long>? atStep = null) : ITrainingObserver
{
    private long step;

    public List<TrainingProgress> Reports { get; } = [];

    public List<string> Checkpoints { get; } = [];

    public TrainingWish Wish
    {
        get
        {
            atStep?.Invoke(step);
            return wish?.Invoke(step++) ?? TrainingWish.Continue;
        }
    }

    public void Report(TrainingProgress progress) => Reports.Add(progress);

    public List<string> Refused { get; } = [];

    public void CheckpointRefused(string file, string reason) => Refused.Add($"{Path.GetFileName(file)} {reason}");

    public void CheckpointWritten(string file, long step) => Checkpoints.Add(file);
}

/// <summary>Does something whenever there is progress, and whenever something is spent.</summary>
internal sealed class Told(Action atProgress, Action atSpending) : ITrainingObserver
{
    public TrainingWish Wish => TrainingWish.Continue;

    public void Report(TrainingProgress progress) => atProgress();

    public void CheckpointWritten(string file, long step)
    {
    }

    public void Spent(PrivacyEvent total, double epsilon) => atSpending();
}

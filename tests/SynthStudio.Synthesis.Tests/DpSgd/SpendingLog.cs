using SynthStudio.Privacy.Events;

namespace SynthStudio.Synthesis.Tests.DpSgd;

/// <summary>Keeps what a private training says it spent; wishes a pause or cancels at a step.</summary>
internal sealed class SpendingLog(Func<int, TrainingWish>? wish = null, Action<int>? atStep = null) : ITrainingObserver
{
    public List<(PrivacyEvent Total, double Epsilon)> Spent { get; } = [];

    public List<TrainingProgress> Reports { get; } = [];

    /// <summary>Sampled steps among everything spent so far.</summary>
    public long NoisedSteps => Spent.Count == 0 ? 0 : PrivacyEvents.Flatten(Spent[^1].Total).Where(e => IsStep(e.Event)).Sum(e => e.Count);

    /// <summary>Of the newest sampled step.</summary>
    public double NoiseMultiplier =>
        PrivacyEvents.Flatten(Spent[^1].Total)
            .Select(e => e.Event).OfType<PoissonSampledEvent>().Select(e => ((GaussianEvent)e.Mechanism).NoiseMultiplier)
            .Last();

    public TrainingWish Wish
    {
        get
        {
            var steps = Spent.Count(s => PrivacyEvents.Flatten(s.Total).Any(e => IsStep(e.Event)));
            atStep?.Invoke(steps);
            return wish?.Invoke(steps) ?? TrainingWish.Continue;
        }
    }

    private static bool IsStep(PrivacyEvent e) => e is PoissonSampledEvent or UserLevelSampledGaussianEvent;

    public void Report(TrainingProgress progress) => Reports.Add(progress);

    public void CheckpointWritten(string file, long step)
    {
    }

    void ITrainingObserver.Spent(PrivacyEvent total, double epsilon) => Spent.Add((total, epsilon));
}

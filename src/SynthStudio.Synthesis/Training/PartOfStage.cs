namespace SynthStudio.Synthesis.Training;

/// <summary>Reports a part of a stage as its share of the whole stage.</summary>
/// <param name="whole">Told of the whole.</param>
/// <param name="from">Share of the stage that was done before the part.</param>
/// <param name="to">Share that is done after it.</param>
internal sealed class PartOfStage(ITrainingObserver whole, double from, double to) : ITrainingObserver
{
    public TrainingWish Wish => whole.Wish;

    public void Report(TrainingProgress progress) => whole.Report(progress with { Fraction = from + progress.Fraction * (to - from) });

    public void CheckpointWritten(string file, long step) => whole.CheckpointWritten(file, step);

    public void CheckpointRefused(string file, string reason) => whole.CheckpointRefused(file, reason);
}

using SynthStudio.Privacy.Events;
using SynthStudio.Synthesis;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Carries a training's progress and checkpoints to the silo, and the silo's wish to the training.</summary>
/// <param name="context">The job.</param>
/// <param name="ordered">The checkpoints it may resume from.</param>
/// <param name="isPrivate">It trains under privacy terms: every event says what was spent, and no loss leaves.</param>
internal sealed class TrainingObserver(JobContext context, IReadOnlyList<string> ordered, bool isPrivate) : ITrainingObserver
{
    private string stage = "";

    public TrainingWish Wish => context.Control.PauseWished ? TrainingWish.Pause : TrainingWish.Continue;

    public void Report(TrainingProgress progress)
    {
        if (stage.Length > 0 && stage != progress.Stage)
        {
            context.Output.Progress(stage, 1);
        }

        stage = progress.Stage;
        context.Output.Progress(
            progress.Stage,
            progress.Fraction,
            progress.Remaining,
            ("training_loss", isPrivate ? null : progress.TrainingLoss),
            ("validation_loss", isPrivate ? null : progress.ValidationLoss),
            ("epoch", progress.Step > 0 ? progress.Epoch : null),
            ("optimiser_step", progress.Step > 0 ? progress.Step : null),
            ("steps_per_second", progress.StepsPerSecond));
    }

    public void Spent(PrivacyEvent total, double epsilon)
    {
        context.Output.Spent(() => PrivacyEventJson.Write(total), epsilon);
    }

    public void CheckpointWritten(string file, long step) => context.Output.Checkpoint(file, step);

    public void CheckpointRefused(string file, string reason) => context.Output.Send(new WorkerOutput
    {
        CheckpointRefused = new CheckpointRefused { Number = ordered.ToList().IndexOf(file), Reason = reason },
    });

    /// <summary>Says that the last stage is done.</summary>
    public void Done() => context.Output.Progress(stage, 1);
}

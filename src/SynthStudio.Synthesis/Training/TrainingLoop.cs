using SynthStudio.Synthesis.DpSgd;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// The one training loop: steps, held-back loss with early stopping, time budget, checkpoints, pause, cancellation and progress. Knows nothing of the
/// network it trains; what a step changes is <see cref="TrainedNetwork"/>'s.
/// </summary>
/// <remarks>With <paramref name="privacy"/> nothing is measured on rows, and the last averaged weights are the result.</remarks>
internal sealed class TrainingLoop(
    ITrainable trainable, TrainingPlan plan, ComputeDevice device, CheckpointFolder? checkpoints, CheckpointSchedule schedule, TimeProvider time,
    PrivateSteps? privacy = null)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The checkpoint of the ended training; null without a folder for checkpoints, or in a private training.</summary>
    public string? LastCheckpoint { get; private set; }

    /// <summary>Trains, going on from the newest checkpoint when there is one.</summary>
    /// <returns>The weights with the lowest held-back loss, or the last ones of a private training, in the layout's order, and how the training went.</returns>
    /// <exception cref="TrainingPausedException">The observer wished a pause.</exception>
    /// <exception cref="SynthesisException">The loss became infinite.</exception>
    /// <param name="observer">Told of everything.</param>
    /// <param name="cancellation">Ends the training.</param>
    /// <param name="bought">Kept in checkpoints: see <see cref="TrainingState.Bought"/>.</param>
    public (float[] Weights, TrainingState State) Run(ITrainingObserver observer, CancellationToken cancellation, string? bought = null)
    {
        using var scope = NewDisposeScope();
        var state = new TrainingState { Bought = bought };
        using var network = new TrainedNetwork(trainable, plan, device, privacy);
        if (checkpoints?.Read(observer) is { } found)
        {
            state = found.State;
            network.Restore(found.Tensors);
            privacy?.Resume(state, found.Refused);
        }

        Train();
        if (privacy is not null) network.KeepAsBest();
        return (network.BestWeights(), state);

        void Train()
        {
            var began = time.GetTimestamp();
            var before = state.Elapsed;
            var firstStep = state.Step;
            var leaseEnd = state.Noised; // a private training writes a checkpoint before it begins
            var (lastReport, lastCheckpoint, checkpointed) = (before - ReportInterval, before, firstStep);
            var cost = TimeSpan.Zero; // Of the last checkpoint.
            string? renewed = null;
            while (true)
            {
                state.Elapsed = before + time.GetElapsedTime(began);
                var done = Done(state);
                if (done >= 1 || state.Reductions > plan.MaxReductions) break;
                cancellation.ThrowIfCancellationRequested();
                if (observer.Wish == TrainingWish.Pause && checkpoints is not null)
                {
                    // What was just written says the same. Not in a private training: it allows steps that are not made now, and would be charged.
                    var written = privacy is null && checkpointed == state.Step ? renewed : null;
                    throw new TrainingPausedException(written ?? Checkpoint(lease: 0), state.Step);
                }

                if (privacy is not null && checkpoints is not null && state.Noised >= leaseEnd) Renew();
                if (privacy?.Begin(state, observer) == false) break;
                var loss = network.Step(state.Step, plan.LearningRateAt(state.Step, done, state.Reductions));
                if (!double.IsFinite(loss))
                    throw new SynthesisException(SynthesisError.TrainingDiverged, "The loss became infinite: choose a smaller learning_rate.", "learning_rate");
                state.Step++;
                if (privacy is null) state.TrainingLoss = state.TrainingLoss is { } smooth ? smooth + 0.02 * (loss - smooth) : loss;
                if (privacy is null && state.Step % plan.ValidateEvery == 0) Validate();
                if (state.Elapsed - lastReport >= ReportInterval)
                {
                    lastReport = state.Elapsed;
                    observer.Report(Progress(done, (state.Step - firstStep) / Math.Max((state.Elapsed - before).TotalSeconds, 1e-3)));
                }

                if (checkpoints is not null && schedule.IsDue(state.Elapsed - lastCheckpoint, state.Step - checkpointed, state.Elapsed, cost)) Renew();
            }

            if (privacy is null && (state.Validations.Count == 0 || state.Validations[^1].Step != state.Step)) Validate();

            // What follows, such as refinement, may be paused or break off: the training need not be done again.
            if (privacy is null && checkpoints is not null) LastCheckpoint = Checkpoint(lease: 0);
            observer.Report(Progress(1, null));

            void Renew()
            {
                (lastCheckpoint, checkpointed) = (state.Elapsed, state.Step);
                leaseEnd = state.Noised + (privacy?.Lease ?? 0);
                var writing = time.GetTimestamp();
                renewed = Checkpoint(privacy?.Lease ?? 0);
                cost = time.GetElapsedTime(writing);
            }
        }

        void Validate()
        {
            var loss = network.HeldBackLoss();
            state.Validations.Add(new ValidationPoint(state.Step, loss));
            state.SinceBest++;
            if (loss < state.BestLoss || double.IsInfinity(state.BestLoss))
            {
                (state.BestLoss, state.SinceBest) = (loss, 0);
                network.KeepAsBest();
            }
            else if (state.SinceBest >= plan.Patience)
            {
                state.SinceBest = 0;
                state.Reductions++;
                network.ReturnToBest();
            }
        }

        string Checkpoint(long lease)
        {
            state.Lease = lease;
            var file = checkpoints!.Write(state, network.Content());
            observer.CheckpointWritten(file, state.Step);
            return file;
        }

        TrainingProgress Progress(double done, double? stepsPerSecond) => new(
            "train",
            done,
            state.Step,
            (double)state.Step * plan.BatchRows / plan.TrainingRows,
            state.TrainingLoss,
            state.Validations.Count > 0 ? state.Validations[^1].Loss : null,
            stepsPerSecond,
            stepsPerSecond is > 0 ? Remaining(stepsPerSecond.Value) : null,
            privacy?.Epsilon(state));

        TimeSpan Remaining(double stepsPerSecond)
        {
            var bySteps = TimeSpan.FromSeconds((plan.Steps - state.Step) / stepsPerSecond);
            return plan.MaxTime is { } limit && limit - state.Elapsed < bySteps ? limit - state.Elapsed : bySteps;
        }
    }

    private double Done(TrainingState state)
    {
        var bySteps = privacy?.Done(state) ?? (double)state.Step / plan.Steps;
        return plan.MaxTime is { } limit && state.Step > 0 ? Math.Max(bySteps, state.Elapsed / limit) : bySteps; // Weights that saw no row are no model.
    }
}

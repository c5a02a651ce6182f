using SynthStudio.Privacy.Events;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// What makes a step of the training loop private: it is charged, its batch is drawn, its gradient gets noise, and no step begins that the promise
/// does not cover. A step counts from the moment before its noise is drawn, whatever becomes of it.
/// </summary>
/// <remarks>
/// A checkpoint is a lease: it says how many steps may follow it before the next one is written. Who resumes from it without knowing better counts all
/// of them as noised and lost, for their noisy gradients did exist; they are charged, and not repeated under the old charge.
/// </remarks>
/// <param name="plan">The promise and how it is spent.</param>
/// <param name="group">Parameters that records may reach.</param>
/// <param name="batch">Where the loop puts a step's records.</param>
/// <param name="release">Adds the noise.</param>
/// <param name="told">Steps that an earlier attempt is known to have begun.</param>
internal sealed class PrivateSteps(PrivatePlan plan, int group, PoissonBatch batch, GradientRelease release, long told = 0)
{
    /// <summary>Epsilon is worked out for so many points of a training; between them the next one's is told, which is more.</summary>
    private const int Milestones = 10;

    /// <summary>A crash costs at most this share of the steps.</summary>
    private const int LeasesOfATraining = 50;

    private readonly Dictionary<long, double> epsilons = [];

    /// <summary>Most steps between two checkpoints.</summary>
    public long Lease { get; } = Math.Max(plan.Steps / LeasesOfATraining, 1);

    /// <summary>Share of the promised steps that were noised.</summary>
    public double Done(TrainingState state) => (double)state.Noised / plan.Steps;

    /// <summary>
    /// Works out the epsilons that will be told, and gives the memory back: large grids of losses that need not stand beside a network and its batches.
    /// </summary>
    public PrivateSteps Foretold()
    {
        for (var i = 1; i <= Milestones; i++) EpsilonAt(Math.Max(i * plan.Steps / Milestones, 1));
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return this;
    }

    /// <summary>Counts the steps that may have followed the checkpoint a training goes on from.</summary>
    /// <param name="state">As read from the checkpoint.</param>
    /// <param name="refused">Newer checkpoints that could not be read; each allowed as many steps again.</param>
    public void Resume(TrainingState state, int refused)
    {
        var leased = state.Noised + (state.Lease == 0 && refused == 0 ? 0 : Math.Max(state.Lease, Lease)) * (1L + refused);
        state.Noised = Math.Min(Math.Max(leased, told), plan.Steps);
        state.Lease = 0;
    }

    /// <summary>Steps of a private training among what was spent.</summary>
    public static long Count(PrivacyEvent spent) =>
        PrivacyEvents.Flatten(spent).Where(e => e.Event is PoissonSampledEvent or UserLevelSampledGaussianEvent).Sum(e => e.Count);

    /// <summary>Charges a step and draws its records, if one more is covered by the promise.</summary>
    /// <returns>False when the training must end.</returns>
    public bool Begin(TrainingState state, ITrainingObserver observer)
    {
        if (state.Noised >= plan.Steps) return false;
        state.Noised++;
        observer.Spent(plan.After(state.Noised), Epsilon(state));
        batch.Draw();
        return true;
    }

    /// <summary>Makes the gradient of a phase public, if records reached it.</summary>
    /// <param name="updated">The phase's group of parameters.</param>
    /// <param name="sums">The shards' sums of clipped gradients.</param>
    /// <param name="device">Whose threads share the work.</param>
    public void Release(int updated, IReadOnlyList<Tensor> sums, ComputeDevice device)
    {
        if (updated == group) release.Release(sums, device);
    }

    /// <summary>An epsilon, at the promise's delta, that covers everything spent so far.</summary>
    public double Epsilon(TrainingState state)
    {
        var milestone = Math.Min((state.Noised * Milestones + plan.Steps - 1) / plan.Steps * plan.Steps / Milestones, plan.Steps);
        return EpsilonAt(Math.Max(milestone, state.Noised));
    }

    private double EpsilonAt(long milestone)
    {
        if (!epsilons.TryGetValue(milestone, out var epsilon)) epsilons.Add(milestone, epsilon = plan.EpsilonAfter(milestone));
        return epsilon;
    }
}

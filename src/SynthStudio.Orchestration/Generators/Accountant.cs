using System.Globalization;

namespace SynthStudio.Orchestration;

/// <summary>
/// The accountant of a generator, as pure functions: what a training drew from the privacy ledger, what it has spent of that, and
/// what its model promises. A lease moves <c>Reserved -> Touched -> Committed</c>; nothing is charged a second time. Whether one that
/// ends without a model was given back, the ledger says: its owner may have died when it had noted there that a worker is let at the
/// data, and nowhere else.
/// </summary>
internal static class Accountant
{
    /// <summary>What a release without a promise is recorded as.</summary>
    public const string NonPrivate = "non_private";

    /// <summary>Room for the last digits of a computation on another machine.</summary>
    private const double Rounding = 1 + 1e-9;

    /// <summary>The lease that a training needs; null for one that promises nothing.</summary>
    public static PrivacyLease? LeaseFor(string job, TrainingSpec training) => training.Privacy is { } terms
        ? new PrivacyLease { Job = job, Terms = terms, State = PrivacyLeaseState.Reserved }
        : null;

    /// <summary>The lease after a command was taken.</summary>
    /// <param name="lease">Before.</param>
    /// <param name="command">What happened.</param>
    /// <param name="state">The training's state after it.</param>
    public static PrivacyLease After(PrivacyLease lease, WorkCommand command, WorkState state) => state switch
    {
        WorkState.Succeeded => lease with { State = PrivacyLeaseState.Committed },
        WorkState.Starting when lease.State == PrivacyLeaseState.Reserved => lease with { State = PrivacyLeaseState.Touched },
        // Several steps may be told with one epsilon: the newest counts. An attempt that starts anew, as methods without checkpoints do, begins below.
        _ => command is ApplyUpdate { Update: WorkSpent spent } && spent.Epsilon >= lease.SpentEpsilon && spent.EventJson != lease.SpentEventJson
            ? lease with { SpentEpsilon = spent.Epsilon, SpentEventJson = spent.EventJson }
            : lease,
    };

    /// <summary>The lease of a training that ended without a model, as the ledger has it.</summary>
    /// <param name="lease">Before.</param>
    /// <param name="isSpent">Whether the ledger keeps its price.</param>
    public static PrivacyLease Settle(PrivacyLease lease, bool isSpent) =>
        lease with { State = isSpent ? PrivacyLeaseState.Touched : PrivacyLeaseState.Released };

    /// <summary>A private training that ends without a statement, or with one beyond its lease, did not succeed: its model is not released.</summary>
    public static WorkCommand DemandStatement(PrivacyTerms? terms, WorkCommand command)
    {
        if (terms is null || command is not ApplyUpdate { Update: WorkCompleted { Result: var result } } completed) return command;
        var error = result.Privacy switch
        {
            not { Guaranteed: true } => new WorkError(WorkErrorClass.Internal, "NO_PRIVACY_STATEMENT", "The training ended without a statement of what it promises."),
            { } said when !(said.Epsilon <= terms.Epsilon * Rounding && said.Delta <= terms.Delta * Rounding) => new WorkError(
                WorkErrorClass.Internal, "PRIVACY_OVERSPENT",
                string.Create(CultureInfo.InvariantCulture, $"The training spent epsilon {said.Epsilon:G6} at delta {said.Delta:G3}, more than it reserved: its model is not released.")),
            _ => null,
        };
        return error is null ? command : completed with { Update = new WorkFailed(error) };
    }

    /// <summary>What the ledger is to hear when a training ends.</summary>
    public static WorkEffect? EffectOfEnd(GeneratorRecord generator, WorkRecord training) => (training.State, generator.Lease) switch
    {
        (WorkState.Succeeded, null) when !generator.Definition.Training.ReadsData => null, // Nothing was told of anybody.
        (WorkState.Succeeded, null) => new RecordNonPrivateModel(generator.Definition.Dataset, generator.Name, generator.Definition.Creator),
        (WorkState.Succeeded, _) => new CommitReservation(training.Result!.Privacy!),
        (WorkState.Failed or WorkState.Cancelled, not null) => new ReleaseReservation(),
        _ => null,
    };

    /// <summary>Events of a private training say what was spent until then.</summary>
    public static IReadOnlyList<WorkEffect> Tell(PrivacyLease? lease, IReadOnlyList<WorkEffect> effects) => lease is null
        ? effects
        : [.. effects.Select(e => e is AppendEvent told ? told with { Epsilon = Math.Max(told.Progress?.Epsilon ?? 0, lease.SpentEpsilon) } : e)];
}

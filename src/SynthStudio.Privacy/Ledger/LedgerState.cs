using SynthStudio.Privacy.Events;

namespace SynthStudio.Privacy.Ledger;

/// <summary>
/// What a population's ledger comes to: its entries folded, one after the other. Storage keeps this sum beside the entries and may check at any
/// time that it is theirs.
/// </summary>
/// <param name="Budget">What may be spent; null before the owner said so.</param>
/// <param name="Spending">What is spent or set aside.</param>
/// <param name="PrivateReleases">Results released under a guarantee.</param>
/// <param name="NonPrivateReleases">Results released without one.</param>
public sealed record LedgerState(PrivacyPrice? Budget, Spending Spending, long PrivateReleases, long NonPrivateReleases)
{
    public static LedgerState Empty { get; } = new(null, Spending.Nothing, 0, 0);

    /// <summary>Spent or set aside in single parts of its data sets. A state that was stored before there were parts is read with null.</summary>
    public PartitionedSpending Parts { get; init => field = value ?? PartitionedSpending.None; } = PartitionedSpending.None;

    /// <summary>The most that anybody has lost: in whole tables, and in the most expensive parts.</summary>
    public Spending Most => Spending + Parts.Worst;

    private long AttoDelta => Budget?.AttoDelta ?? 0;

    /// <summary>The state after an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="reservation">The reservation of the entry's job before it; null when it has none or the entry is not about a job.</param>
    /// <exception cref="LedgerException">
    /// The entry cannot follow: a refund after the data was touched, a second reservation, a price that does not fit.
    /// </exception>
    public LedgerState After(LedgerEntry entry, Reservation? reservation) => (entry, reservation) switch
    {
        (BudgetSet set, _) => this with { Budget = set.Budget },
        (NonPrivateRelease, _) => this with { NonPrivateReleases = NonPrivateReleases + 1 },
        (PartitionDeclared divided, _) => this with { Parts = Parts.Declare(divided.Dataset, divided.Partition) },
        (Reserved asked, null or { State: ReservationState.Released }) => Budget is { } budget && LostBy(asked.Part).Fits(asked.Price, budget)
            ? Change(asked.Part, spent => spent.Reserve(asked.Price))
            : throw new LedgerException(LedgerError.OverBudget, $"{asked.Job} does not fit into the budget."),
        (Touched, { State: ReservationState.Reserved }) => this,
        (Released, { State: ReservationState.Reserved } unused) => Change(unused.Part, spent => spent.Release(unused.Price)),
        (Released released, { State: ReservationState.Touched or ReservationState.Committed }) =>
            throw new LedgerException(LedgerError.RefundAfterTouch, $"{released.Job} was let at the data: what it reserved stays spent."),
        (Committed done, { State: ReservationState.Touched } open) => Commit(done, open),
        _ => throw new LedgerException(LedgerError.OutOfOrder, $"A {entry.Kind} entry cannot follow here."),
    };

    /// <summary>The most that anybody has lost of those whom a job is about: all, or the people of one part.</summary>
    /// <exception cref="LedgerException">There is no such part.</exception>
    public Spending LostBy(LedgerPart? part) => Spending + (part is null ? Parts.Worst : Parts.Of(part));

    private LedgerState Change(LedgerPart? part, Func<Spending, Spending> change) =>
        part is null ? this with { Spending = change(Spending) } : this with { Parts = Parts.Change(part, change) };

    private LedgerState Commit(Committed done, Reservation open) => done switch
    {
        // More than was reserved, and nobody can say how much: a release that no budget bounds.
        { Event: "", Overspent: true } => this with { NonPrivateReleases = NonPrivateReleases + 1 },
        { Event: "" } => this with { PrivateReleases = PrivateReleases + 1 },
        _ => Change(open.Part, spent => spent.Commit(open.Price, EventPrice.Of(PrivacyEventJson.Parse(done.Event)), done.Overspent, AttoDelta))
            with { PrivateReleases = PrivateReleases + 1 },
    };

    /// <summary>Where a job's reservation stands after an entry.</summary>
    public static Reservation? ReservationAfter(LedgerEntry entry, Reservation? before) => entry switch
    {
        Reserved asked => new Reservation(asked.Price, ReservationState.Reserved, asked.Part),
        Touched => before!.Value with { State = ReservationState.Touched },
        Committed => before!.Value with { State = ReservationState.Committed },
        Released => before!.Value with { State = ReservationState.Released },
        _ => before,
    };
}

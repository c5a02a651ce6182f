using System.Data.Common;
using SynthStudio.Privacy;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>The ledgers of all populations, in the catalog's database. What decides is pure (<see cref="LedgerState"/>); here it becomes durable.</summary>
public sealed partial class PrivacyLedger : IPrivacyLedger
{
    private const string OpenOfGenerator = "SELECT DISTINCT job FROM privacy_reservations WHERE generator = @generator AND state = 'Reserved'";

    private const string WithStrays =
        "SELECT DISTINCT generator FROM privacy_reservations r WHERE state = 'Reserved' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.name = r.job)";

    private const string SpentOfJob = "SELECT 1 FROM privacy_reservations WHERE job = @job AND state IN ('Touched', 'Committed')";

    private readonly LedgerServices _services;

    internal PrivacyLedger(LedgerServices services) => _services = services;

    /// <summary>A ledger beside the other stores of a catalog.</summary>
    /// <param name="database">The catalog's file, with its schema.</param>
    /// <param name="key">The key of the chain and of fingerprints.</param>
    /// <param name="anchor">Remembers what was acknowledged.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onStep">Called at every moment between which the process may die; null for nothing.</param>
    public PrivacyLedger(DbDataSource database, LedgerKey key, ILedgerAnchor anchor, TimeProvider time, Action<LedgerStep>? onStep = null)
        : this(new LedgerServices(database, key, anchor, time) { OnStep = onStep })
    {
    }

    public Task ReserveAsync(BudgetRequest request, CancellationToken cancellation) => ChangeAsync(async change =>
    {
        var price = PrivacyPrice.Asked(request.Terms.Epsilon, request.Terms.Delta);
        var origin = new LedgerOrigin(request.Actor, request.Dataset, request.Generator);
        var held = (await ReservationsAsync(change, request.Job, cancellation)).ToDictionary(r => r.Population);
        foreach (var name in await PopulationsAsync(change, request.Dataset, cancellation))
        {
            var population = await change.LoadAsync(name, cancellation);
            var part = PartOf(request.Dataset, request.Terms, population.State);
            var known = held.GetValueOrDefault(name);
            if (known is { Reservation.State: not ReservationState.Released })
            {
                if (known.Reservation.Price != price || known.Reservation.Part != part)
                    throw new LedgerException(LedgerError.OutOfOrder, $"{request.Job} reserved for other terms before.");
                continue;
            }

            var operation = $"reserved {request.Job} {(known?.Times ?? 0) + 1}";
            try
            {
                await change.AppendAsync(population, new Reserved(request.Job, price, part), origin, operation, known?.Reservation, cancellation);
            }
            catch (LedgerException e) when (e.Error == LedgerError.OverBudget)
            {
                throw new BudgetExhaustedException(request.Dataset, BudgetArithmetic.Figures(population.State, request.Terms, part));
            }
        }
    }, cancellation);

    public Task TouchAsync(string job, CancellationToken cancellation) => ChangeAsync(async change =>
    {
        var held = await ReservationsAsync(change, job, cancellation);
        if (held.Count == 0 || held.Any(r => r.Reservation.State == ReservationState.Released)) throw new ReservationMissingException(job);
        foreach (var one in held)
        {
            var population = await change.LoadAsync(one.Population, cancellation);
            if (one.Reservation.State == ReservationState.Reserved) await AppendAsync(change, population, new Touched(job), one, cancellation);
        }
    }, cancellation);

    public async Task CommitAsync(string job, PrivacyStatement statement, CancellationToken cancellation)
    {
        var (json, spent) = await Task.Run(() => Price(statement), cancellation);
        await ChangeAsync(async change =>
        {
            foreach (var one in await ReservationsAsync(change, job, cancellation))
            {
                var population = await change.LoadAsync(one.Population, cancellation);
                if (one.Reservation.State == ReservationState.Committed) continue;
                var overspent = spent > one.Reservation.Price.Epsilon * Rounding;
                await AppendAsync(change, population, new Committed(job, json, overspent), one, cancellation);
            }
        }, cancellation);
    }

    public async Task<bool> ReleaseAsync(string job, CancellationToken cancellation)
    {
        try
        {
            return await TryReleaseAsync(job, cancellation);
        }
        catch (LedgerException e) when (e.Error == LedgerError.RefundAfterTouch)
        {
            return false;
        }
    }

    private Task<bool> TryReleaseAsync(string job, CancellationToken cancellation) => ChangeAsync(async change =>
    {
        var held = await ReservationsAsync(change, job, cancellation);
        if (held.Count == 0 || held.Any(r => r.Reservation.State == ReservationState.Released)) return false;
        foreach (var one in held)
            await AppendAsync(change, await change.LoadAsync(one.Population, cancellation), new Released(job), one, cancellation);
        return true;
    }, cancellation);

    public async Task<bool> IsSpentAsync(string job, CancellationToken cancellation) =>
        await _services.Database.ReadAsync(SpentOfJob, _ => true, cancellation, ("@job", job)) is [_, ..];

    public async Task<IReadOnlyList<string>> ListWithStraysAsync(CancellationToken cancellation) =>
        await _services.Database.ReadAsync(WithStrays, r => r.GetString(0), cancellation);

    public async Task<IReadOnlyList<string>> ReleaseStraysAsync(string generator, IReadOnlyCollection<string> known, CancellationToken cancellation)
    {
        var open = await _services.Database.ReadAsync(OpenOfGenerator, r => r.GetString(0), cancellation, ("@generator", generator));
        var released = new List<string>();
        foreach (var stray in open.Except(known))
        {
            if (await ReleaseAsync(stray, cancellation)) released.Add(stray);
        }

        return released;
    }

    public Task RecordNonPrivateAsync(string dataset, string what, string subject, string actor, CancellationToken cancellation) => ChangeAsync(async change =>
    {
        var operation = $"non_private {what} {subject}";
        foreach (var name in await PopulationsAsync(change, dataset, cancellation))
        {
            var population = await change.LoadAsync(name, cancellation);
            if (await IsDoneAsync(change, name, operation, cancellation)) continue;
            await change.AppendAsync(population, new NonPrivateRelease(what, subject), new LedgerOrigin(actor, dataset), operation, null, cancellation);
        }
    }, cancellation);

    /// <summary>Sets what may be spent from the populations of a data set in all.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="epsilon">Rounded down to billionths.</param>
    /// <param name="delta">The total delta.</param>
    /// <param name="actor">The owner.</param>
    /// <param name="operation">Makes it happen once.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="PrivacyException">A number is out of range.</exception>
    public Task SetBudgetAsync(string dataset, double epsilon, double delta, string actor, string operation, CancellationToken cancellation = default)
    {
        var budget = PrivacyPrice.Allowed(epsilon, delta);
        return ChangeAsync(async change =>
        {
            foreach (var name in await PopulationsAsync(change, dataset, cancellation))
            {
                var population = await change.LoadAsync(name, cancellation);
                if (await IsDoneAsync(change, name, $"budget_set {operation}", cancellation)) continue;
                await change.AppendAsync(
                    population, new BudgetSet(budget), new LedgerOrigin(actor, dataset), $"budget_set {operation}", null, cancellation);
            }
        }, cancellation);
    }

    /// <summary>
    /// Divides a data set into parts of which no row is in two. Trainings on single parts are then paid for side by side; the population loses no more
    /// than in its most expensive part, and what is released from the whole table counts for all.
    /// </summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="partition">Its parts.</param>
    /// <param name="actor">The owner, who states that nobody has rows in two parts.</param>
    /// <param name="operation">Makes it happen once.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="PartitionException">It is divided otherwise and something was spent in a part, or its
    /// people are in several populations.</exception>
    public Task DeclarePartitionAsync(
        string dataset, Partition partition, string actor, string operation,
        CancellationToken cancellation = default) => ChangeAsync(async change =>
    {
        if (await PopulationsAsync(change, dataset, cancellation) is not [var name])
        {
            throw new PartitionException(
                PartitionProblem.SeveralPopulations, dataset,
                $"{dataset} holds people of several populations (a join, or a union): one of them may have rows in many parts. Divide the tables that it was made of.");
        }

        var population = await change.LoadAsync(name, cancellation);
        if (await IsDoneAsync(change, name, $"partition_declared {operation}", cancellation)) return;
        try
        {
            await change.AppendAsync(
                population, new PartitionDeclared(dataset, partition), new LedgerOrigin(actor, dataset), $"partition_declared {operation}", null, cancellation);
        }
        catch (LedgerException e) when (e.Error == LedgerError.PartitionInUse)
        {
            throw new PartitionException(PartitionProblem.InUse, dataset, $"{e.Message} It stays divided as it is; other trainings can learn the whole table.");
        }
    }, cancellation);

    /// <summary>Places a data set among the populations, by its bytes and the fingerprints of its rows. Repeating it changes nothing.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="fingerprintsJson">What the profiling job wrote.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task RegisterAsync(string dataset, string fingerprintsJson, CancellationToken cancellation = default) => ChangeAsync(
        change => RegisterAsync(change, dataset, TableFingerprints.FromJson(fingerprintsJson), cancellation), cancellation);

    /// <summary>The key that the rows of a project's data sets are fingerprinted with.</summary>
    public byte[] FingerprintKey(string project) => _services.Key.Fingerprints(project);
}

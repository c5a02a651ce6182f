using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Orchestration.Tests;

/// <summary>A ledger that outlives the clusters of a test; decides as the real one does.</summary>
public sealed class MemoryPrivacyLedger : IPrivacyLedger
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Generator, Reservation Reservation)> jobs = [];

    public LedgerState State { get; private set; } = LedgerState.Empty with { Budget = PrivacyPrice.Allowed(3, 1e-5) };

    /// <summary>What was asked of it, in order: kind and job.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What every touch fails with; null lets them pass.</summary>
    public Exception? TouchFailure { get; set; }

    /// <summary>What it answers to every end of a training with; null takes them.</summary>
    public Exception? EndFailure { get; set; }

    /// <summary>The job's reservation; null when it never had one.</summary>
    public Reservation? Of(string job)
    {
        lock (gate) return jobs.TryGetValue(job, out var known) ? known.Reservation : null;
    }

    public Task ReserveAsync(BudgetRequest request, CancellationToken cancellation)
    {
        var price = PrivacyPrice.Asked(request.Terms.Epsilon, request.Terms.Delta);
        lock (gate)
        {
            if (Known(request.Job) is { State: not ReservationState.Released }) return Task.CompletedTask;
            if (!State.Spending.Fits(price, State.Budget!.Value))
            {
                throw new BudgetExhaustedException(
                    request.Dataset,
                    new BudgetFigures { AskedEpsilon = request.Terms.Epsilon, AskedDelta = request.Terms.Delta, BudgetEpsilon = 3 });
            }

            Enter(new Reserved(request.Job, price), request.Generator);
        }

        return Task.CompletedTask;
    }

    public Task TouchAsync(string job, CancellationToken cancellation)
    {
        if (TouchFailure is { } failure) throw failure;
        lock (gate)
        {
            if (Known(job) is null or { State: ReservationState.Released }) throw new ReservationMissingException(job);
            if (Known(job) is { State: ReservationState.Reserved }) Enter(new Touched(job));
        }

        return Task.CompletedTask;
    }

    public Task CommitAsync(string job, PrivacyStatement statement, CancellationToken cancellation)
    {
        FailIfWished();
        PrivacyEventJson.Parse(statement.EventJson);
        lock (gate)
        {
            if (Known(job) is { State: ReservationState.Touched }) Enter(new Committed(job, statement.EventJson, false));
        }

        return Task.CompletedTask;
    }

    public Task<bool> ReleaseAsync(string job, CancellationToken cancellation)
    {
        FailIfWished();
        lock (gate)
        {
            if (Known(job) is not { State: ReservationState.Reserved }) return Task.FromResult(false);
            Enter(new Released(job));
            return Task.FromResult(true);
        }
    }

    public Task<bool> IsSpentAsync(string job, CancellationToken cancellation) =>
        Task.FromResult(Of(job) is { State: ReservationState.Touched or ReservationState.Committed });

    public Task<IReadOnlyList<string>> ListWithStraysAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<string>>(
                [.. jobs.Where(j => j.Value.Reservation.State == ReservationState.Reserved).Select(j => j.Value.Generator).Distinct()]);
        }
    }

    public async Task<IReadOnlyList<string>> ReleaseStraysAsync(string generator, IReadOnlyCollection<string> known, CancellationToken cancellation)
    {
        List<string> strays;
        lock (gate) strays = [.. jobs.Where(j => j.Value.Generator == generator && !known.Contains(j.Key)).Select(j => j.Key)];
        List<string> released = [];
        foreach (var stray in strays)
        {
            if (await ReleaseAsync(stray, cancellation)) released.Add(stray);
        }

        return released;
    }

    public Task RecordNonPrivateAsync(string dataset, string what, string subject, string actor, CancellationToken cancellation)
    {
        FailIfWished();
        lock (gate) Enter(new NonPrivateRelease(what, subject));
        return Task.CompletedTask;
    }

    public byte[] FingerprintKey(string project) => new byte[16];

    private void FailIfWished()
    {
        if (EndFailure is { } failure) throw failure;
    }

    private Reservation? Known(string job) => jobs.TryGetValue(job, out var known) ? known.Reservation : null;

    private void Enter(LedgerEntry entry, string generator = "")
    {
        var job = LedgerAudit.JobOf(entry);
        var before = job is null ? null : Known(job);
        State = State.After(entry, before);
        if (job is not null) jobs[job] = (generator.Length > 0 ? generator : jobs[job].Generator, LedgerState.ReservationAfter(entry, before)!.Value);
        Calls.Add($"{entry.Kind} {job}".TrimEnd());
    }
}

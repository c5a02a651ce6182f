namespace SynthStudio.Orchestration;

/// <summary>
/// A grain that owns work. A turn decides by a pure machine, stores the new record together with what is to be done because of it, and
/// then does that: events into the progress log, the scheduler's queue, the catalog. All of it can be repeated, and is, until it is done.
/// Plain progress changes nothing durable but the log.
/// </summary>
/// <typeparam name="TRecord">The durable record.</typeparam>
public abstract partial class WorkOwnerGrain<TRecord>(OwnerServices services, IPersistentState<OwnerState<TRecord>> store)
    : Grain, IWorkOwnerGrain, IRemindable
    where TRecord : class
{
    private readonly Dictionary<string, Task<ProgressJournal>> journals = [];

    /// <summary>Asked for again and again while nothing happens: the very same answer then, so that those who map it know it too.</summary>
    private (WorkRecord Work, ProgressPosition Position, JobSnapshot Snapshot)? lastSnapshot;

    /// <summary>The record; null before it was created.</summary>
    protected TRecord? Record => store.State.Record;

    protected OwnerServices Services => services;

    protected DateTimeOffset Now => services.Time.GetUtcNow();

    private string Name => this.GetPrimaryKeyString();

    /// <summary>The work of a job that this grain owns; null when there is none.</summary>
    protected abstract WorkRecord? Find(TRecord record, string job);

    /// <summary>The work that has not ended; null when all has.</summary>
    protected abstract WorkRecord? Unfinished(TRecord record);

    /// <summary>What earlier attempts of a private training said that they had spent; empty for any other work.</summary>
    protected virtual string SpentBefore(TRecord record, string job) => "";

    protected abstract Decision<TRecord> Decide(TRecord record, WorkCommand command, DateTimeOffset now);

    /// <summary>The record with the number of the next update of its unfinished work.</summary>
    protected abstract TRecord Expect(TRecord record, long nextUpdate);

    /// <summary>Done, durably, before a silo is given the work.</summary>
    /// <exception cref="ReservationMissingException">It may not be given to anyone.</exception>
    /// <exception cref="LedgerUnsafeException">It may not be given to anyone now.</exception>
    protected virtual Task BeforeWorkAsync(WorkRecord work) => Task.CompletedTask;

    /// <summary>Epsilon that the unfinished work has told to have spent; 0 for work that promises nothing.</summary>
    protected virtual double SpentEpsilon(TRecord record) => 0;

    /// <summary>The record once the ledger has said whether it keeps what the job had reserved; the very same when that is known.</summary>
    protected virtual TRecord SettleReservation(TRecord record, string job, bool isSpent) => record;

    /// <summary>Writes into the catalog what this grain owns besides jobs.</summary>
    protected virtual Task ProjectRecordAsync(TRecord record) => Task.CompletedTask;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Record is not { } record) return;
        if (Unfinished(record) is { } work)
        {
            // Plain progress is in the log and nowhere else: a worker that had no answer sends it again.
            var told = (await JournalAsync(work)).LastUpdate;
            if (told?.Epoch == work.Epoch && told.Number >= work.NextUpdate) store.State.Record = Expect(record, told.Number + 1);
        }

        if (store.State.HasPending || Unfinished(record) is not null) Tend(atOnce: true);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (Record is { } record && Unfinished(record) is { } work) JobMeter.Forget(work.Job);
        return Task.CompletedTask;
    }

    public async Task<JobSnapshot> GetJobAsync(string job) => await SnapshotAsync(Require(job));

    public async Task<JobSnapshot> CancelJobAsync(string job)
    {
        var work = Require(job);
        if (!work.HasEnded) await CommandAsync(job, new CancelWork(), "be cancelled");
        return await SnapshotAsync(Require(job));
    }

    public async Task<ProgressBatch> ReadProgressAsync(string job, long after, TimeSpan patience)
    {
        var work = Require(job);
        var journal = await JournalAsync(work);
        var limit = patience < MaxPatience ? patience : MaxPatience;
        return await journal.ReadAsync(after, limit, () => HasEnded(job, journal), services.Leave.Token);
    }

    public async Task<WorkOrder?> TakeOrderAsync(string job, LeaseEpoch epoch, string silo)
    {
        if (Record is not { } record || Find(record, job) is not { } work) return null;

        if (!work.HasEnded)
        {
            var decision = await PrepareAsync(job, epoch, Decide(record, new TakeOrder(epoch, silo), Now));
            await CommitAsync(job, decision.Record, decision.Effects);
            work = Find(decision.Record, job)!;
        }

        if (!WorkMachine.Holds(work, epoch) || work.Silo != silo)
        {
            OwnerLog.RefusedLease(services.Logger, job, epoch.Value, silo, work.Epoch.Value);
            return null;
        }

        return new WorkOrder(job, epoch, work.Attempt, work.Spec, work.Checkpoints, work.Requirements.Accelerator)
        {
            TraceParent = work.TraceParent, SpentEventJson = SpentBefore(Record!, job),
        };
    }

    public async Task<WorkDirective> ReportAsync(string job, LeaseEpoch epoch, long first, IReadOnlyList<WorkUpdate> updates)
    {
        if (Record is not { } record || Find(record, job) is not { } work || !WorkMachine.Holds(work, epoch)) return WorkDirective.Abandon;

        lastReport = services.Time.GetTimestamp();
        var before = (await JournalAsync(work)).Position;
        var next = record;
        var effects = new List<WorkEffect>();
        for (var i = (int)Math.Clamp(work.NextUpdate - first, 0, updates.Count); i < updates.Count; i++)
        {
            var (update, number) = (updates[i], new UpdateNumber(epoch, first + i));
            var decision = Decide(next, new ApplyUpdate(epoch, update), Now);
            if (decision.Verdict == Verdict.Accepted) JobMeter.Keep(update);
            next = decision.Record;
            effects.AddRange(decision.Effects.Select(e => e is AppendEvent told ? told with { Time = update.Time, Update = number } : e));
        }

        var expected = Math.Max(work.NextUpdate, first + updates.Count);
        if (ReferenceEquals(next, record))
        {
            await CommitAsync(job, next, effects);
            store.State.Record = Expect(next, expected);
        }
        else
        {
            await CommitAsync(job, Expect(next, expected), effects);
        }

        JobMeter.Spend(SpentEpsilon(record), SpentEpsilon(Record!));
        if (Find(Record!, job) is not { } now) return WorkDirective.Abandon;

        if (!now.HasEnded) JobMeter.Progress(job, before, (await JournalAsync(now)).Position);
        return WorkMachine.DirectiveFor(now, epoch);
    }

    public async Task LeaseLostAsync(string job, LeaseEpoch epoch, string reason)
    {
        if (Record is { } record && Unfinished(record)?.Job == job)
        {
            var decision = Decide(record, new LoseLease(epoch, reason), Now);
            await CommitAsync(job, decision.Record, decision.Effects);
        }
    }

    public async Task GiveWayAsync(string job, LeaseEpoch epoch)
    {
        if (Record is { } record && Unfinished(record) is { } work && work.Job == job)
        {
            // Nobody is there to be asked, and who comes for the order would not hear of it: whoever counts on the slot is to know.
            if (epoch > work.Epoch) throw new WorkStateException(job, work.State.ToString().ToUpperInvariant(), "give way");

            var decision = Decide(record, new GiveWay(epoch), Now);
            await CommitAsync(job, decision.Record, decision.Effects);
        }
    }

    public async Task ReconcileAsync(string job)
    {
        if (Record is not { } record || Find(record, job) is not { } work) return;

        await PerformAsync();
        if (work.BelongsInQueue && !HeardLately()) await Scheduler.EnqueueAsync(work.ToItem());
        if (!work.HasEnded || !store.State.HasPending) await ProjectAsync(job); // What has ended in the catalog is not looked after any more.
    }

    /// <summary>Decides on a command of a user and carries the decision out.</summary>
    /// <exception cref="WorkStateException">The state does not allow it.</exception>
    protected async Task CommandAsync(string job, WorkCommand command, string verb)
    {
        var decision = Decide(Record!, command, Now);
        if (decision.Verdict == Verdict.Refused) throw new WorkStateException(job, Require(job).State.ToString().ToUpperInvariant(), verb);
        await CommitAsync(job, decision.Record, decision.Effects);
    }

    protected async Task<JobSnapshot> SnapshotAsync(WorkRecord work)
    {
        var position = (await JournalAsync(work)).Position;
        if (lastSnapshot is var (seen, at, snapshot) && ReferenceEquals(seen, work) && ReferenceEquals(at, position)) return snapshot;

        snapshot = JobSnapshots.Of(work, position);
        lastSnapshot = (work, position, snapshot);
        return snapshot;
    }

    protected WorkRecord Require(string job) => (Record is { } record ? Find(record, job) : null) ?? throw new WorkNotFoundException(job);

    /// <summary>A taken order, or its failure when the work may not begin.</summary>
    private async Task<Decision<TRecord>> PrepareAsync(string job, LeaseEpoch epoch, Decision<TRecord> taken)
    {
        var work = Find(taken.Record, job)!;
        if (taken.Verdict != Verdict.Accepted || !WorkMachine.Holds(work, epoch)) return taken;
        WorkError error;
        try
        {
            await BeforeWorkAsync(work);
            return taken;
        }
        catch (ReservationMissingException e)
        {
            error = new WorkError(WorkErrorClass.User, "RESERVATION_MISSING", e.Message);
        }
        catch (LedgerUnsafeException e)
        {
            error = new WorkError(WorkErrorClass.User, "LEDGER_UNSAFE", e.Message);
        }

        var failed = Decide(taken.Record, new ApplyUpdate(epoch, new WorkFailed(error)), Now);
        return new(failed.Record, failed.Verdict, [.. taken.Effects, .. failed.Effects]);
    }

    /// <summary>Whether readers of the job's log may leave: all is told, and the catalog shows how the job ended.</summary>
    private bool HasEnded(string job, ProgressJournal journal) =>
        Record is not { } record
        || (Find(record, job) is not { HasEnded: false } && journal.Stored == journal.Position.Sequence && !store.State.HasPending);

    private Task<ProgressJournal> JournalAsync(WorkRecord work)
    {
        if (journals.TryGetValue(work.Job, out var opened) && !opened.IsFaulted) return opened;

        var pending = store.State.Events.Where(e => e.Job == work.Job).Select(e => e.Event).ToList();
        return journals[work.Job] = OpenAsync();

        async Task<ProgressJournal> OpenAsync()
        {
            var journal = await ProgressJournal.OpenAsync(work.Job, work.Kind, services.Log, services.Time, CancellationToken.None);
            await journal.CatchUpAsync(pending, CancellationToken.None);
            return journal;
        }
    }
}

namespace SynthStudio.Orchestration;

/// <summary>Storing decisions and doing what follows from them.</summary>
public abstract partial class WorkOwnerGrain<TRecord>
{
    private static readonly TimeSpan MaxPatience = TimeSpan.FromSeconds(20);

    private bool broken;

    /// <summary>What is pending waits for somebody to look at the privacy ledger.</summary>
    private bool isLedgerUnsafe;

    private ISchedulerGrain Scheduler => GrainFactory.GetGrain<ISchedulerGrain>(0);

    /// <summary>Stores a record and does what follows from it. The very same record is not stored: then only events may follow.</summary>
    /// <exception cref="SequenceConflictException">Another activation wrote to the log; this one gives way.</exception>
    protected async Task CommitAsync(string job, TRecord next, IReadOnlyList<WorkEffect> effects)
    {
        if (broken) throw new StoreUnavailableException($"{Name} could not store its state and starts anew.");
        if (store.State.Events.Count > 0) await AppendPendingAsync();

        var unchanged = ReferenceEquals(next, Record);
        if (unchanged && effects.Count == 0) return;

        var told = effects.OfType<AppendEvent>().ToList();
        var work = Find(next, job);
        var journal = work is null ? null : await JournalAsync(work);
        var before = journal?.Position;
        var events = journal?.Number(told, Now) ?? [];
        if (unchanged && effects.Count == told.Count)
        {
            await AppendOrRewindAsync(journal!, before!, events);
            return;
        }

        var stored = effects.Where(e => e is not (AppendEvent or NudgeWorker)).Select(e => new PendingEffect(job, e));
        var old = Record is null ? null : Find(Record, job);
        var moved = work is not null && old?.State != work.State;
        store.State = new()
        {
            Record = next,
            Events = [.. events.Select(e => new PendingEvent(job, e))],
            Effects = Once([.. store.State.Effects, .. stored]),
        };
        await WriteAsync();
        if (moved)
        {
            OwnerLog.Moved(services.Logger, job, work!.State, work.Attempt, work.Epoch.Value);
            JobMeter.Move(old, work);
        }

        await PerformAsync();
        foreach (var nudge in effects.OfType<NudgeWorker>()) Nudge(job, nudge);
        if (Unfinished(next) is null && !store.State.HasPending) await WriteAsync();
        Tend(atOnce: false);
    }

    /// <summary>
    /// Before new work is acknowledged: queue and catalog must know of it. Then everybody can find it, and the reconciler looks after it even if this
    /// silo dies at once.
    /// </summary>
    /// <exception cref="TimeoutException">It is stored and goes on by itself, but they do not know of it yet; the same call again tells.</exception>
    protected async Task SettleAsync()
    {
        if (store.State.HasPending) await PerformAsync();
        if (store.State.HasPending) throw new TimeoutException($"{Name} is stored, but not known everywhere yet: ask again.");
    }

    /// <summary>The catalog is told of the newest state: of several times that a job is to be told there, the last one is enough.</summary>
    private static List<PendingEffect> Once(List<PendingEffect> pending) =>
        [.. pending.Where((e, i) => e.Effect is not ProjectWork || !pending.Skip(i + 1).Contains(e))];

    /// <summary>Does what is pending, in order, as far as it succeeds; the rest is repeated later.</summary>
    private async Task PerformAsync()
    {
        try
        {
            await AppendPendingAsync();
        }
        catch (Exception e) when (e is not SequenceConflictException)
        {
            OwnerLog.EffectFailed(services.Logger, e, Name, nameof(AppendEvent), store.State.Events[0].Job);
            return;
        }

        while (store.State.Effects is [var first, ..])
        {
            try
            {
                await PerformAsync(first.Job, first.Effect);
            }
            catch (Exception e)
            {
                OwnerLog.EffectFailed(services.Logger, e, Name, first.Effect.GetType().Name, first.Job);
                isLedgerUnsafe = e is LedgerUnsafeException;
                return;
            }

            isLedgerUnsafe = false;
            store.State.Effects = [.. store.State.Effects.Skip(1)];
        }

        // Readers of work that has ended wait for this.
        foreach (var opened in journals.Values.Where(j => j.IsCompletedSuccessfully)) (await opened).WakeReaders();
    }

    private async Task PerformAsync(string job, WorkEffect effect)
    {
        var work = Record is null ? null : Find(Record, job);
        switch (effect)
        {
            case EnqueueWork when work is { BelongsInQueue: true }:
                await Scheduler.EnqueueAsync(work.ToItem());
                break;
            case WithdrawWork when work is not { BelongsInQueue: true }:
                await Scheduler.WithdrawAsync(job);
                break;
            case ReleaseLease release:
                await Scheduler.ReleaseAsync(job, release.Epoch);
                break;
            case ProjectWork:
                await ProjectAsync(job);
                break;
            case CommitReservation done:
                await services.Ledger.CommitAsync(job, done.Statement, CancellationToken.None);
                break;
            case ReleaseReservation:
                await ReleaseAsync(job);
                break;
            case RecordNonPrivateModel open:
                await services.Ledger.RecordNonPrivateAsync(open.Dataset, "model", $"{open.Generator} of {job}", open.Actor, CancellationToken.None);
                break;
        }
    }

    /// <summary>
    /// Gives a reservation back, and stores what the ledger says of it before the catalog is told: no version of a record is
    /// told that is not stored.
    /// </summary>
    private async Task ReleaseAsync(string job)
    {
        var isSpent = !await services.Ledger.ReleaseAsync(job, CancellationToken.None)
            && await services.Ledger.IsSpentAsync(job, CancellationToken.None);
        if (Record is not { } record) return;

        var settled = SettleReservation(record, job, isSpent);
        if (ReferenceEquals(settled, record)) return;

        store.State.Record = settled;
        await WriteAsync();
    }

    private async Task ProjectAsync(string job)
    {
        if (Record is not { } record) return;
        if (Find(record, job) is { } work)
        {
            var snapshot = await SnapshotAsync(work);
            await services.Catalog.ProjectAsync(snapshot, CancellationToken.None);
            projected = snapshot.Version;
        }

        await ProjectRecordAsync(record);
    }

    private async Task AppendPendingAsync()
    {
        while (store.State.Events is [var first, ..])
        {
            var ofJob = store.State.Events.TakeWhile(e => e.Job == first.Job).Select(e => e.Event).ToList();
            if (Record is { } record && Find(record, first.Job) is { } work)
            {
                var journal = await JournalAsync(work);
                await GuardAsync(first.Job, () => journal.AppendAsync(ofJob, CancellationToken.None));
                journal.WakeReaders();
            }

            store.State.Events = [.. store.State.Events.Skip(ofJob.Count)];
        }
    }

    /// <summary>Appends events that no stored state stands behind: when that fails, they never were, and the report is sent again.</summary>
    private async Task AppendOrRewindAsync(ProgressJournal journal, ProgressPosition before, IReadOnlyList<ProgressEvent> events)
    {
        try
        {
            await GuardAsync(Name, () => journal.AppendAsync(events, CancellationToken.None));
        }
        catch
        {
            journal.Rewind(before);
            throw;
        }
    }

    private async Task GuardAsync(string job, Func<Task> append)
    {
        try
        {
            await append();
        }
        catch (SequenceConflictException e)
        {
            OwnerLog.GaveWay(services.Logger, e, Name, job);
            await StartAnewAsync();
            throw;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await store.WriteStateAsync();
        }
        catch (Exception e)
        {
            OwnerLog.WriteFailed(services.Logger, e, Name);
            await StartAnewAsync();
            throw;
        }
    }

    /// <summary>
    /// Memory and store may differ: the next activation starts from the store. Nobody is answered before this one has left, and it leaves
    /// after its last reader.
    /// </summary>
    private async Task StartAnewAsync()
    {
        broken = true;
        DeactivateOnIdle();
        foreach (var opened in journals.Values.Where(j => j.IsCompletedSuccessfully)) (await opened).Close();
    }

    private void Nudge(string job, NudgeWorker nudge) => _ = NudgeAsync(job, nudge);

    private async Task NudgeAsync(string job, NudgeWorker nudge)
    {
        try
        {
            await GrainFactory.GetGrain<IComputeGrain>(nudge.Silo).NudgeAsync(job, nudge.Epoch);
        }
        catch (Exception e)
        {
            OwnerLog.NudgeFailed(services.Logger, e, job, nudge.Silo);
        }
    }
}

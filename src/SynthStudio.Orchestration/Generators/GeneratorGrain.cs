using System.Diagnostics;

namespace SynthStudio.Orchestration;

/// <inheritdoc cref="IGeneratorGrain"/>
[GrainType("synthstudio.generator"), OnControlSilo]
public sealed class GeneratorGrain(
    OwnerServices services,
    [PersistentState("generator", OrchestrationOptions.StorageName)] IPersistentState<OwnerState<GeneratorRecord>> store)
    : WorkOwnerGrain<GeneratorRecord>(services, store), IGeneratorGrain
{
    private (GeneratorRecord Record, GeneratorSnapshot Snapshot)? lastSnapshot;

    private string Name => this.GetPrimaryKeyString();

    private GeneratorRecord Existing => Record is { Deleted: false, DeleteTime: null } record ? record : throw new WorkNotFoundException(Name);

    private GeneratorRecord Restorable => Record is { Deleted: false } record ? record : throw new WorkNotFoundException(Name);

    public async Task<GeneratorSnapshot> CreateAsync(GeneratorDefinition definition)
    {
        if (Record is { } known)
        {
            var isDeleted = known is not { Deleted: false, DeleteTime: null };
            if (isDeleted || !GeneratorMachine.IsSame(known.Definition, definition)) throw new WorkStateException(Name, isDeleted ? "deleted" : "made with another definition", "be created");
            await SettleAsync();
            return await SnapshotAsync(Existing);
        }

        await CommitAsync(Name, GeneratorMachine.Create(Name, definition, Now));
        await SettleAsync();
        return await SnapshotAsync(Existing);
    }

    public async Task<GeneratorSnapshot> ImportAsync(GeneratorDefinition definition, ObjectRef model, PackageOrigin origin)
    {
        if (Record is { } known)
        {
            if (known.Deleted || known.Origin is null || known.Model != model || !GeneratorMachine.IsSame(known.Definition, definition))
                throw new WorkStateException(Name, known.Deleted ? "deleted" : "made of something else", "be imported");
            return await SnapshotAsync(known);
        }

        await CommitAsync(Name, GeneratorMachine.Import(Name, definition, model, origin, Now));
        await SettleAsync();
        return await SnapshotAsync(Existing);
    }

    public Task<GeneratorSnapshot> GetAsync() => SnapshotAsync(Existing);

    public async Task<GeneratorSnapshot> UpdateAsync(GeneratorDefinition definition, long version)
    {
        if (Existing.Version != version) throw new WorkChangedException(Name);
        var decision = GeneratorMachine.Update(Existing, definition, Now);
        RefuseIfSo(decision, "change what it learns and how");
        await CommitAsync(Name, decision);
        return await SnapshotAsync(Existing);
    }

    public async Task<GeneratorSnapshot> TrainAsync(string job, int priority, string actor = "", WorkLimits? limits = null)
    {
        var decision = GeneratorMachine.Train(
            Existing, new TrainingRequest(job, priority, limits ?? WorkLimits.None, Activity.Current?.Id ?? ""), Now);
        RefuseIfSo(decision, "be trained");
        if (decision is { Verdict: Verdict.Accepted, Record.Lease: { } lease }) await ReserveAsync(decision.Record, lease, actor);
        await CommitAsync(job, decision);
        await SettleAsync();
        return await SnapshotAsync(Existing);
    }

    public Task ReleaseStraysAsync() => ReleaseStraysAsync(Record);

    public async Task<GeneratorSnapshot> PauseAsync()
    {
        await CommandTrainingAsync(new PauseWork(), "be paused");
        return await SnapshotAsync(Existing);
    }

    public async Task<GeneratorSnapshot> ResumeAsync()
    {
        await CommandTrainingAsync(new ResumeWork(), "be resumed");
        return await SnapshotAsync(Existing);
    }

    public Task<GeneratorSnapshot> GetAnyAsync() => SnapshotAsync(Restorable);

    public async Task<GeneratorSnapshot> DeleteAsync(DateTimeOffset purgeTime)
    {
        var decision = GeneratorMachine.Delete(Restorable, purgeTime, Now);
        RefuseIfSo(decision, "be deleted");
        await CommitAsync(Name, decision);
        await SettleAsync();
        return await SnapshotAsync(Restorable);
    }

    public async Task<GeneratorSnapshot> UndeleteAsync()
    {
        var decision = GeneratorMachine.Undelete(Restorable);
        RefuseIfSo(decision, "be brought back");
        await CommitAsync(Name, decision);
        await SettleAsync();
        return await SnapshotAsync(Existing);
    }

    public async Task<bool> BeginPurgeAsync()
    {
        var decision = GeneratorMachine.BeginPurge(Record ?? throw new WorkNotFoundException(Name));
        await CommitAsync(Name, decision);
        await SettleAsync();
        return decision.Verdict != Verdict.Refused;
    }

    public async Task PurgeAsync()
    {
        var decision = GeneratorMachine.Purge(Record ?? throw new WorkNotFoundException(Name), Now);
        RefuseIfSo(decision, "be deleted");
        await CommitAsync(Name, decision);
        await ReleaseStraysAsync(Record);
        foreach (var training in decision.Record.Past.Append(decision.Record.Training).OfType<WorkRecord>())
        {
            await Services.Log.DeleteAsync(training.Job, CancellationToken.None);
        }
    }

    protected override WorkRecord? Find(GeneratorRecord record, string job) => record.Deleted
        ? null
        : record.Training?.Job == job ? record.Training : record.Past.FirstOrDefault(t => t.Job == job);

    protected override WorkRecord? Unfinished(GeneratorRecord record) => record.Training is { HasEnded: false } training ? training : null;

    protected override Decision<GeneratorRecord> Decide(GeneratorRecord record, WorkCommand command, DateTimeOffset now) =>
        GeneratorMachine.Decide(record, command, now);

    protected override string SpentBefore(GeneratorRecord record, string job) => record.Lease is { } lease && lease.Job == job ? lease.SpentEventJson : "";

    protected override GeneratorRecord Expect(GeneratorRecord record, long nextUpdate) =>
        record with { Training = record.Training! with { NextUpdate = nextUpdate } };

    protected override double SpentEpsilon(GeneratorRecord record) => record.Lease?.SpentEpsilon ?? 0;

    protected override GeneratorRecord SettleReservation(GeneratorRecord record, string job, bool isSpent) => GeneratorMachine.Settle(record, job, isSpent);

    protected override async Task ProjectRecordAsync(GeneratorRecord record)
    {
        if (!record.Deleted) await Services.Catalog.ProjectAsync(await SnapshotAsync(record), CancellationToken.None);
    }

    protected override Task BeforeWorkAsync(WorkRecord work) =>
        work.Spec is TrainingSpec { Privacy: not null } ? Services.Ledger.TouchAsync(work.Job, CancellationToken.None) : Task.CompletedTask;

    /// <summary>
    /// Draws the lease from the ledger before the training exists: refused at once when it does not fit. Dies the grain in between, the
    /// reservation is a stray that the next training gives back; no worker can have used it.
    /// </summary>
    private async Task ReserveAsync(GeneratorRecord next, PrivacyLease lease, string actor)
    {
        await ReleaseStraysAsync(next);
        var by = actor.Length > 0 ? actor : next.Definition.Creator;
        await Services.Ledger.ReserveAsync(new BudgetRequest(next.Definition.Dataset, Name, lease.Job, lease.Terms, by), CancellationToken.None);
    }

    private async Task ReleaseStraysAsync(GeneratorRecord? record)
    {
        var known = record is { Deleted: false } ? record.Past.Append(record.Training).OfType<WorkRecord>().Select(t => t.Job).ToList() : [];
        await Services.Ledger.ReleaseStraysAsync(Name, known, CancellationToken.None);
    }

    private Task CommitAsync(string job, Decision<GeneratorRecord> decision) => CommitAsync(job, decision.Record, decision.Effects);

    private Task CommandTrainingAsync(WorkCommand command, string verb) => Existing.Training is { } training
        ? CommandAsync(training.Job, command, verb)
        : throw new WorkStateException(Name, "DRAFT", verb);

    private void RefuseIfSo(Decision<GeneratorRecord> decision, string verb)
    {
        if (decision.Verdict == Verdict.Refused) throw new WorkStateException(Name, decision.Record.State.ToString().ToUpperInvariant(), verb);
    }

    private async Task<GeneratorSnapshot> SnapshotAsync(GeneratorRecord record)
    {
        var training = record.Training is { } newest ? await SnapshotAsync(newest) : null;
        if (lastSnapshot is var (seen, snapshot) && ReferenceEquals(seen, record) && ReferenceEquals(snapshot.Training, training)) return snapshot;

        snapshot = Snapshot(record, training);
        lastSnapshot = (record, snapshot);
        return snapshot;
    }

    private static GeneratorSnapshot Snapshot(GeneratorRecord record, JobSnapshot? training) => new()
    {
        Name = record.Name,
        Definition = record.Definition,
        State = record.State,
        Training = training,
        Model = record.Model,
        Accountant = new(record.Model is null ? record.Definition.Training.Privacy is not null : record.Statement is not null, record.Releases)
        {
            Lease = record.Lease,
            Statement = record.Statement,
        },
        CreateTime = record.CreateTime,
        UpdateTime = record.UpdateTime,
        Version = record.Version,
        DeleteTime = record.DeleteTime,
        PurgeTime = record.PurgeTime,
        Origin = record.Origin,
    };
}

using System.Diagnostics;

namespace SynthStudio.Orchestration;

/// <inheritdoc cref="IJobGrain"/>
[GrainType("synthstudio.job"), OnControlSilo]
public sealed class JobGrain(
    OwnerServices services,
    [PersistentState("job", OrchestrationOptions.StorageName)] IPersistentState<OwnerState<WorkRecord>> store)
    : WorkOwnerGrain<WorkRecord>(services, store), IJobGrain
{
    public async Task<JobSnapshot> SubmitAsync(JobSubmission submission)
    {
        var job = this.GetPrimaryKeyString();
        if (Record is { } known)
        {
            if (!IsRepeat(known, submission)) throw new WorkStateException(job, "submitted with other arguments", "be submitted");
            await SettleAsync();
            return await SnapshotAsync(Record);
        }

        var decision = WorkMachine.Submit(new WorkRecord
        {
            Job = job,
            Owner = job,
            Subject = submission.Subject,
            Spec = submission.Spec,
            Priority = submission.Priority,
            Requirements = submission.Requirements,
            Limits = submission.Limits,
            TraceParent = Activity.Current?.Id ?? "",
            CreateTime = Now,
        });
        await CommitAsync(job, decision.Record, decision.Effects);
        await SettleAsync();
        return await SnapshotAsync(Record!);
    }

    protected override WorkRecord? Find(WorkRecord record, string job) => record.Job == job ? record : null;

    protected override WorkRecord? Unfinished(WorkRecord record) => record.HasEnded ? null : record;

    protected override Decision<WorkRecord> Decide(WorkRecord record, WorkCommand command, DateTimeOffset now) =>
        WorkMachine.Decide(record, command, now);

    protected override WorkRecord Expect(WorkRecord record, long nextUpdate) => record with { NextUpdate = nextUpdate };

    private static bool IsRepeat(WorkRecord work, JobSubmission submission) =>
        work.Subject == submission.Subject
        && work.Priority == submission.Priority
        && work.Requirements == submission.Requirements
        && work.Limits == submission.Limits
        && SameWork.Equal(work.Spec, submission.Spec);
}

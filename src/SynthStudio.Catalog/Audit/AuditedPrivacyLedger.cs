namespace SynthStudio.Catalog.Audit;

/// <summary>The privacy ledger, with what owners of jobs do to it noted in the audit trail of the project. A step that is repeated is noted again.</summary>
internal sealed class AuditedPrivacyLedger(PrivacyLedger ledger, AuditTrail trail) : IPrivacyLedger
{
    private const string System = "system";

    public async Task ReserveAsync(BudgetRequest request, CancellationToken cancellation)
    {
        try
        {
            await ledger.ReserveAsync(request, cancellation);
        }
        catch (BudgetExhaustedException)
        {
            await NoteAsync("Reserve", request.Actor, request.Job, cancellation, "FAILED_PRECONDITION", "BUDGET_EXHAUSTED");
            throw;
        }

        await NoteAsync("Reserve", request.Actor, request.Job, cancellation);
    }

    public async Task TouchAsync(string job, CancellationToken cancellation)
    {
        await ledger.TouchAsync(job, cancellation);
        await NoteAsync("Touch", System, job, cancellation);
    }

    public async Task CommitAsync(string job, PrivacyStatement statement, CancellationToken cancellation)
    {
        await ledger.CommitAsync(job, statement, cancellation);
        await NoteAsync("Commit", System, job, cancellation);
    }

    public async Task<bool> ReleaseAsync(string job, CancellationToken cancellation)
    {
        var released = await ledger.ReleaseAsync(job, cancellation);
        if (released) await NoteAsync("Release", System, job, cancellation);
        return released;
    }

    public Task<bool> IsSpentAsync(string job, CancellationToken cancellation) => ledger.IsSpentAsync(job, cancellation);

    public Task<IReadOnlyList<string>> ListWithStraysAsync(CancellationToken cancellation) => ledger.ListWithStraysAsync(cancellation);

    public async Task<IReadOnlyList<string>> ReleaseStraysAsync(string generator, IReadOnlyCollection<string> known, CancellationToken cancellation)
    {
        var released = await ledger.ReleaseStraysAsync(generator, known, cancellation);
        foreach (var job in released) await NoteAsync("Release", System, job, cancellation);
        return released;
    }

    public async Task RecordNonPrivateAsync(string dataset, string what, string subject, string actor, CancellationToken cancellation)
    {
        await ledger.RecordNonPrivateAsync(dataset, what, subject, actor, cancellation);
        await NoteAsync("RecordNonPrivate", actor, subject, cancellation, reason: what);
    }

    public byte[] FingerprintKey(string project) => ledger.FingerprintKey(project);

    private Task<long> NoteAsync(
        string step, string actor, string resource, CancellationToken cancellation, string outcome = "OK", string reason = "") =>
        trail.AppendAsync(
            string.Join('/', resource.Split('/').Take(2)),
            new AuditEvent { Actor = actor, Method = $"PrivacyLedger/{step}", Resource = resource, Outcome = outcome, Reason = reason },
            cancellation);
}

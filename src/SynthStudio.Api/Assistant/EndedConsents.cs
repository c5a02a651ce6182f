using SynthStudio.Api.Auditing;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Assistant;

/// <summary>
/// A consent for language models ends with the right of who gave it: who is locked out, erased, or no owner any more leaves none behind,
/// and has none again when they come back. Whoever owns the project then may consent anew.
/// </summary>
internal sealed class EndedConsents(AssistantConsentStore consents, Auditor auditor, AuditTrail trail)
{
    /// <summary>Ends those of a user that they may not give any more, and notes it in the trails of their projects.</summary>
    /// <param name="grantor">Whom the call locked out, erased, or gave another role.</param>
    /// <param name="context">The call.</param>
    /// <returns>How many.</returns>
    /// <exception cref="RpcException">UNAVAILABLE: a trail does not take it.</exception>
    public async Task<int> EndAsync(string grantor, ServerCallContext context)
    {
        // Not by the call's token: the role is gone, whether its caller waits or not.
        var ended = await consents.EndAsync(grantor, CancellationToken.None);
        foreach (var consent in ended) await auditor.NoteConsentEndedAsync(context, consent);
        return ended.Count;
    }

    /// <summary>
    /// Ends what a call left that did not come to its end: such consents stand for nothing, and would stand again when who gave them comes
    /// back.
    /// </summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var consent in await consents.ListFallenAsync(cancellation))
        {
            var what = new AuditEvent
            {
                Actor = "system", Method = Auditor.ConsentEnded, Resource = consent.Name, Outcome = "OK",
                Detail = Auditor.DetailOf(consent),
            };
            await trail.AppendAsync(consent.Project, what, CancellationToken.None); // Before: what cannot be noted waits for the next round.
            await consents.EndAsync(consent, CancellationToken.None);
        }
    }
}

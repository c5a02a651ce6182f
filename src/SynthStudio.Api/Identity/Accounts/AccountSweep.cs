using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>
/// Forgets what has ended: sessions and invitations after 30 days, API keys after 90, mails and sign-ins that nobody finished, attempts
/// that count no more. Time is the database's: by a replica's clock that is ahead it would end what others gave out and still take.
/// </summary>
internal sealed class AccountSweep(
    ILeaseStore clock, SessionStore sessions, ApiKeyStore keys, MailTokenStore mails, InvitationStore invitations,
    ExternalIdentityStore identities, AttemptStore attempts)
{
    private static readonly TimeSpan Ended = TimeSpan.FromDays(30);

    /// <summary>Longer than sessions: who made a key, and when it was used last, is looked for when it turns out to be stolen.</summary>
    private static readonly TimeSpan EndedKey = TimeSpan.FromDays(90);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = await clock.GetTimeAsync(cancellation);
        await sessions.ForgetAsync(now - Ended, cancellation);
        await keys.ForgetAsync(now - EndedKey, cancellation);
        await invitations.ForgetAsync(now - Ended, cancellation);
        await mails.ForgetAsync(now, cancellation);
        await identities.ForgetAsync(now, cancellation);
        await attempts.ForgetAsync(cancellation);
    }
}

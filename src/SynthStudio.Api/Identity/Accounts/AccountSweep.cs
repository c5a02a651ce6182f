using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>
/// Forgets what has ended: sessions and invitations after 30 days, mails and sign-ins that nobody finished, attempts that count no more. Time is the
/// database's: by a replica's clock that is ahead it would end what others gave out and still take.
/// </summary>
internal sealed class AccountSweep(
    ILeaseStore clock, SessionStore sessions, MailTokenStore mails, InvitationStore invitations, ExternalIdentityStore identities, AttemptStore attempts)
{
    private static readonly TimeSpan Ended = TimeSpan.FromDays(30);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = await clock.GetTimeAsync(cancellation);
        await sessions.ForgetAsync(now - Ended, cancellation);
        await invitations.ForgetAsync(now - Ended, cancellation);
        await mails.ForgetAsync(now, cancellation);
        await identities.ForgetAsync(now, cancellation);
        await attempts.ForgetAsync(cancellation);
    }
}

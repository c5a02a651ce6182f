using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>Forgets what has ended: sessions and invitations after 30 days, mails and sign-ins that nobody finished, attempts that count no more.</summary>
internal sealed class AccountSweep(SessionStore sessions, MailTokenStore mails, InvitationStore invitations, ExternalIdentityStore identities, AttemptStore attempts)
{
    private static readonly TimeSpan Ended = TimeSpan.FromDays(30);

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await sessions.ForgetAsync(now - Ended, cancellation);
        await invitations.ForgetAsync(now - Ended, cancellation);
        await mails.ForgetAsync(now, cancellation);
        await identities.ForgetAsync(now, cancellation);
        await attempts.ForgetAsync(cancellation);
    }
}

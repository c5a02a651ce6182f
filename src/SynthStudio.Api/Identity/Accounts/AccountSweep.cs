using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>Forgets what has ended: sessions after 30 days, mails and sign-ins that nobody finished, attempts that count no more.</summary>
internal sealed class AccountSweep(SessionStore sessions, MailTokenStore mails, ExternalIdentityStore identities, AttemptStore attempts)
{
    private static readonly TimeSpan EndedSessions = TimeSpan.FromDays(30);

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await sessions.ForgetAsync(now - EndedSessions, cancellation);
        await mails.ForgetAsync(now, cancellation);
        await identities.ForgetAsync(now, cancellation);
        await attempts.ForgetAsync(now, cancellation);
    }
}

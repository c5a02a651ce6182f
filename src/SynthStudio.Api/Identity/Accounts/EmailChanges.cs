using SynthStudio.Api.Auditing;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>Another address for an account: counts once who reads its mails says so.</summary>
internal sealed class EmailChanges(
    AccountStore accounts, MailTokenStore mails, UserStore users, PasswordSignIn signIn, SignInGuard guard, AccountErrands errands,
    IMailSender sender, MailTexts texts, Auditor auditor, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Sends a mail to the new address, by which its reader confirms it, or which says that it has an account.</summary>
    public async Task RequestAsync(AccountRecord account, EmailAddress email, string password, string code, ServerCallContext context)
    {
        Registrations.RequireMail(sender);
        await signIn.ConfirmAsync(account, password, context);
        if (account.SecondFactorActive) await signIn.ConfirmFactorAsync(account, code, context);
        var (token, now) = (MailToken.Create(), time.Now());
        var isTaken = await accounts.FindByEmailAsync(email.Key, context.CancellationToken) is not null;
        if (!isTaken)
        {
            // Here, not beside the call: a change of the password after it takes this back.
            await mails.CreateAsync(
                new MailTokenRecord
                {
                    Hash = MailToken.Hash(token), Purpose = MailPurpose.EmailChange, Email = email.Text, EmailKey = email.Key,
                    Owner = account.Owner, CreateTime = now, ExpireTime = now + Lifetime,
                },
                context.CancellationToken);
        }

        var mail = isTaken ? MailTexts.AlreadyRegistered(email.Text) : texts.EmailChange(email.Text, token);
        errands.Mail("mail for another address", _ => Task.FromResult<MimeKit.MimeMessage?>(mail), (MailPurpose.EmailChange, email.Key));
    }

    /// <summary>Gives the account the address whose mail came.</summary>
    public async Task ConfirmAsync(string token, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var hash = MailToken.Hash(token);
        await guard.AdmitAnonymousAsync(context, cancellation);
        if (await mails.FindAsync(hash, time.GetUtcNow(), cancellation) is not { Purpose: MailPurpose.EmailChange, Owner: { } owner } mail
            || await users.FindAsync(owner, cancellation) is not { Disabled: false } user
            || await accounts.FindAsync(owner, cancellation) is not { } account) throw Registrations.TokenRefused();
        Caller.OfMail(user, mail.ExpireTime).AttachTo(context); // For the audit trail.
        await auditor.BeginPublicAsync(context);
        if (!await accounts.ChangeEmailAsync(mail, owner, time.Now(), cancellation)) throw Registrations.TokenRefused();
        if (account.Email is { } old) errands.TryMail("mail about another address", MailTexts.EmailChanged(old));
    }
}

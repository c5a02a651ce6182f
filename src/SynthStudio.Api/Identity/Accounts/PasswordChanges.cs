using SynthStudio.Api.Auditing;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Api.Identity.Passwords;
using SynthStudio.Api.Replicas;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>New passwords: for who knows the old one, and for who forgot it.</summary>
internal sealed class PasswordChanges(
    AccountStore accounts, MailTokenStore mails, UserStore users, PasswordHasher passwords, PasswordSignIn signIn, PersonProof proof,
    SignInGuard guard, AccountErrands errands, IMailSender sender, MailTexts texts, Auditor auditor, Revocations revocations,
    TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// Sends a mail by which its reader can set a password, if the address has an account with one: who comes by another provider alone is
    /// not to get a second way in by their mail.
    /// </summary>
    public async Task RequestResetAsync(EmailAddress email, ServerCallContext context, CancellationToken cancellation)
    {
        Registrations.RequireMail(sender);
        await guard.AdmitAnonymousAsync(context, cancellation);
        errands.Mail("mail for a password", ComposeAsync, (MailPurpose.PasswordReset, email.Key));

        async Task<MimeKit.MimeMessage?> ComposeAsync(CancellationToken stopping)
        {
            if (await accounts.FindByEmailAsync(email.Key, stopping) is not var (account, user) || user.Disabled || account.Password.Length == 0) return null;
            var (token, now) = (MailToken.Create(), time.Now());
            await mails.CreateAsync(
                new MailTokenRecord
                {
                    Hash = MailToken.Hash(token), Purpose = MailPurpose.PasswordReset, Email = account.Email!, EmailKey = email.Key,
                    Owner = account.Owner, CreateTime = now, ExpireTime = now + Lifetime,
                },
                stopping);
            return texts.PasswordReset(account.Email!, token);
        }
    }

    /// <summary>
    /// Sets a password for who has the mail; sessions end, and API keys, which who had the old password may
    /// have made, unless they are to stay.
    /// </summary>
    public async Task ResetAsync(string token, string password, bool keepsKeys, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var hash = MailToken.Hash(token);
        await guard.AdmitAnonymousAsync(context, cancellation);
        if (await mails.FindAsync(hash, time.GetUtcNow(), cancellation) is not { Purpose: MailPurpose.PasswordReset, Owner: { } owner } mail
            || await users.FindAsync(owner, cancellation) is not { Disabled: false } user
            || await accounts.FindAsync(owner, cancellation) is not { Password.Length: > 0 }) throw Registrations.TokenRefused();
        PasswordRules.Check(password, mail.Email, "password");
        var hashed = await passwords.HashAsync(password, cancellation);
        Caller.OfMail(user, mail.ExpireTime).AttachTo(context); // For the audit trail.
        await auditor.BeginPublicAsync(context);
        if (!await accounts.ResetPasswordAsync(hash, owner, hashed, keepsKeys, time.Now(), cancellation)) throw Registrations.TokenRefused();
        await revocations.CredentialsChangedAsync();
        Tell(mail.Email, keepsKeys);
    }

    /// <summary>
    /// Changes a password for who knows the old one and has the second factor, if there is one, or sets the first one for who signed in by
    /// another provider just now; the session or API key that the call is made with stays, and the other keys where they are to.
    /// </summary>
    public async Task ChangeAsync(
        AccountRecord account, string old, string code, string password, bool keepsKeys, ServerCallContext context)
    {
        PasswordRules.Check(password, account.Email ?? "", "new_password");
        if (account.Password.Length > 0)
        {
            await signIn.ConfirmAllAsync(account, old, code, context);
        }
        else
        {
            if (account.Email is null) throw ApiErrors.Precondition(ErrorReasons.StateForbids, account.Owner, "The account has no mail address that a password could be given with.");
            await proof.DemandAsync(account.Owner, old, code, context);
        }

        var hash = await passwords.HashAsync(password, context.CancellationToken);
        if (!await accounts.ChangePasswordAsync(
            account.Owner, account.Password, hash, Caller.Of(context).KeyId, keepsKeys, time.Now(), context.CancellationToken))
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The password was changed meanwhile, not by this call.");
        await revocations.CredentialsChangedAsync();
        if (account.Email is { } email) Tell(email, keepsKeys);
    }

    private void Tell(string email, bool keptKeys)
    {
        if (sender.CanSend) errands.TryMail("mail about a changed password", MailTexts.PasswordChanged(email, keptKeys));
    }
}

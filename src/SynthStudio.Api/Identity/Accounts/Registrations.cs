using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Api.Identity.Passwords;
using SynthStudio.Api.Identity.Sessions;
using SynthStudio.Api.Replicas;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>
/// How accounts come to be. A password is chosen by who has the mail, not by who asked for it: so every address is proven, and nobody can
/// prepare an account for somebody else's address and wait.
/// </summary>
internal sealed class Registrations(
    AccountStore accounts, MailTokenStore mails, InvitationStore invitations, UserStore users, PasswordHasher passwords,
    SessionKeeper sessions, SignInGuard guard, AccountErrands errands, IMailSender sender, MailTexts texts, Auditor auditor,
    Revocations revocations, AccountOptions options, TimeProvider time)
{
    private static readonly TimeSpan RegistrationLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(7);

    /// <summary>Sends a mail by which its reader can register, or which says that they have.</summary>
    public async Task StartAsync(EmailAddress email, ServerCallContext context, CancellationToken cancellation)
    {
        if (options.Registration != Registration.Open)
            throw ApiErrors.Precondition(ErrorReasons.RegistrationClosed, "registration", "This server lets nobody register by themselves. Ask an administrator for an invitation.");
        RequireMail(sender);
        await guard.AdmitAnonymousAsync(context, cancellation);
        errands.Mail("mail for a registration", ComposeAsync, (MailPurpose.Registration, email.Key));

        async Task<MimeKit.MimeMessage?> ComposeAsync(CancellationToken stopping)
        {
            if (await accounts.FindByEmailAsync(email.Key, stopping) is { } known) return MailTexts.AlreadyRegistered(known.Account.Email!);
            var token = MailToken.Create();
            await mails.CreateAsync(Record(token, MailPurpose.Registration, email, null, UserRole.User, RegistrationLifetime), stopping);
            return texts.Registration(email.Text, token);
        }
    }

    /// <summary>Sends an invitation, which is good while who sends it is an administrator who is not locked out; answers until when at most.</summary>
    public async Task<DateTimeOffset> InviteAsync(EmailAddress email, UserRole role, string? user, string inviter, CancellationToken cancellation)
    {
        if (options.Registration == Registration.Closed)
            throw ApiErrors.Precondition(ErrorReasons.RegistrationClosed, "registration", "This server has no new accounts (Api:Accounts:Registration is closed).");
        RequireMail(sender);
        if (await accounts.FindByEmailAsync(email.Key, cancellation) is { } known) throw ApiErrors.AlreadyExists($"{known.User.Name}/account");
        if (user is not null)
        {
            var existing = await users.FindAsync(user, cancellation) ?? throw ApiErrors.NotFound(user);
            if (existing.Disabled) throw ApiErrors.Precondition(ErrorReasons.StateForbids, user, $"{user} is locked out.");
            if (await accounts.FindAsync(user, cancellation) is not null) throw ApiErrors.AlreadyExists($"{user}/account");
        }

        var token = MailToken.Create();
        var record = Record(token, MailPurpose.Invitation, email, user, role, InvitationLifetime) with { Inviter = inviter };
        await mails.CreateAsync(record, cancellation);
        errands.Mail("mail with an invitation", _ => Task.FromResult<MimeKit.MimeMessage?>(texts.Invitation(email.Text, token)));
        return record.ExpireTime;
    }

    /// <summary>Makes the account that a mail is good for, and signs in.</summary>
    public async Task<V1.SessionTokens> CompleteAsync(V1.CompleteRegistrationRequest request, ServerCallContext context)
    {
        if (options.Registration == Registration.Closed)
            throw ApiErrors.Precondition(ErrorReasons.RegistrationClosed, "registration", "This server has no new accounts (Api:Accounts:Registration is closed).");
        var cancellation = context.CancellationToken;
        var hash = MailToken.Hash(request.Token);
        var displayName = Check.DisplayName(request.DisplayName, "display_name");
        await guard.AdmitAnonymousAsync(context, cancellation);
        if (await mails.FindAsync(hash, time.GetUtcNow(), cancellation) is not { Purpose: MailPurpose.Registration or MailPurpose.Invitation } mail)
        {
            return await invitations.FindGoodAsync(hash, time.GetUtcNow(), cancellation) is { } invitation
                ? await JoinAsync(invitation, displayName, request.Password, context)
                : throw TokenRefused();
        }

        PasswordRules.Check(request.Password, mail.Email, "password");

        var now = time.Now();
        var known = mail.Owner is null ? null : await users.FindAsync(mail.Owner, cancellation);
        if (known is { Disabled: true }) throw TokenRefused();
        var user = known ?? new UserRecord { Name = $"users/{ResourceIds.New()}", DisplayName = displayName, Role = mail.Role, CreateTime = now };
        var account = Account(user, mail.Email, mail.EmailKey, await passwords.HashAsync(request.Password, cancellation));
        await BeginAsync(user, mail.ExpireTime, context);
        if (!await accounts.RedeemAsync(hash, known is null ? user : null, account, cancellation)) throw TokenRefused();
        return await sessions.BeginAsync(user, PasswordSignIn.Method, context, account.Password);
    }

    /// <summary>Makes an account for who was invited to a project, and a member of it.</summary>
    private async Task<V1.SessionTokens> JoinAsync(InvitationRecord invitation, string displayName, string password, ServerCallContext context)
    {
        PasswordRules.Check(password, invitation.Email, "password");
        var user = new UserRecord { Name = $"users/{ResourceIds.New()}", DisplayName = displayName, Role = UserRole.User, CreateTime = time.Now() };
        var account = Account(user, invitation.Email, invitation.EmailKey, await passwords.HashAsync(password, context.CancellationToken));
        await BeginAsync(user, invitation.ExpireTime, context);
        try
        {
            if (!await invitations.RedeemAsync(invitation, user, account, time.Now(), context.CancellationToken)) throw TokenRefused();
        }
        catch (AlreadyExistsException)
        {
            throw ApiErrors.Precondition(ErrorReasons.AccountExists, "account", "There is an account with this address. Sign in, and accept the invitation (AcceptInvitation).");
        }

        await revocations.ProjectChangedAsync(invitation.Project);
        var tokens = await sessions.BeginAsync(user, PasswordSignIn.Method, context, account.Password);
        await auditor.NoteAsync(context, $"{invitation.Project}/members/{ResourceName.Id(user.Name)}", "Your account was made, and the mail is used: sign in with your password.");
        return tokens;
    }

    /// <summary>Notes that it begins, by the user that is to be: whoever has the mail is them from then on, or nobody.</summary>
    private ValueTask BeginAsync(UserRecord user, DateTimeOffset expires, ServerCallContext context)
    {
        Caller.OfMail(user, expires).AttachTo(context);
        return auditor.BeginPublicAsync(context);
    }

    private AccountRecord Account(UserRecord user, string email, string emailKey, string password) =>
        new() { Owner = user.Name, Email = email, EmailKey = emailKey, Password = password, CreateTime = time.Now(), UpdateTime = time.Now() };

    /// <exception cref="RpcException">FAILED_PRECONDITION: the server sends none.</exception>
    internal static void RequireMail(IMailSender sender)
    {
        if (!sender.CanSend) throw ApiErrors.Precondition(ErrorReasons.NoMail, "mail", "This server sends no mails (Api:Mail:Delivery is none). Ask its operator.");
    }

    internal static RpcException TokenRefused() =>
        ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The token is not good (any more): each works once, for a limited time. Ask for a new mail.");

    private MailTokenRecord Record(string token, MailPurpose purpose, EmailAddress email, string? owner, UserRole role, TimeSpan lifetime) => new()
    {
        Hash = MailToken.Hash(token), Purpose = purpose, Email = email.Text, EmailKey = email.Key, Owner = owner, Role = role,
        CreateTime = time.Now(), ExpireTime = time.Now() + lifetime,
    };
}

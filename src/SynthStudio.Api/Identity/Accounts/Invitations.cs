using SynthStudio.Api.Auditing;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Api.Replicas;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>
/// Invites people to projects. Nothing here looks whether an address has an account: the mail is the same for everybody, and what it
/// brought is taken up by an account that has the address, or by making one (<see cref="Registrations.CompleteAsync"/>).
/// </summary>
internal sealed class Invitations(
    InvitationStore invitations, AccountStore accounts, SignInGuard guard, AccountErrands errands, IMailSender sender, MailTexts texts,
    Auditor auditor, Revocations revocations, TimeProvider time)
{
    private const int MostOfProject = 200;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Invites an address to a project.</summary>
    /// <exception cref="RpcException">ALREADY_EXISTS: it has an invitation. RESOURCE_EXHAUSTED: too many mails, or invitations.
    /// FAILED_PRECONDITION: the server sends no mails.</exception>
    public async Task<InvitationRecord> SendAsync(string project, EmailAddress email, ProjectRole role, ServerCallContext context)
    {
        Registrations.RequireMail(sender);
        var (inviter, now, token) = (Caller.Of(context).User, time.Now(), MailToken.Create());
        await guard.AdmitInvitationAsync(inviter, email.Key, context.CancellationToken);
        var invitation = new InvitationRecord
        {
            Name = $"{project}/invitations/{ResourceIds.New()}", Project = project, Email = email.Text, EmailKey = email.Key, Role = role, Inviter = inviter, TokenHash = MailToken.Hash(token),
            CreateTime = now, SendTime = now, ExpireTime = now + Lifetime,
        };
        if (!await invitations.TryCreateAsync(invitation, MostOfProject, context.CancellationToken))
        {
            throw ApiErrors.QuotaExceeded(
                project, "invitations", left: 0, $"{project} has {MostOfProject} invitations that nobody took up, as many as a project may have. Take one back that is not needed.");
        }

        Mail(invitation, token);
        return invitation;
    }

    /// <summary>Sends another mail with another token; the one before is good for nothing any more.</summary>
    public async Task<InvitationRecord> ResendAsync(InvitationRecord invitation, ServerCallContext context)
    {
        Registrations.RequireMail(sender);
        var (inviter, now, token) = (Caller.Of(context).User, time.Now(), MailToken.Create());
        if (invitation.DeclineTime is not null) throw Declined(invitation);
        await guard.AdmitInvitationAsync(inviter, invitation.EmailKey, context.CancellationToken);
        var again = invitation with { Inviter = inviter, TokenHash = MailToken.Hash(token), SendTime = now, ExpireTime = now + Lifetime };
        if (!await invitations.RenewAsync(again, context.CancellationToken))
            throw await invitations.FindAsync(again.Name, context.CancellationToken) is null ? ApiErrors.NotFound(again.Name) : Declined(again);
        Mail(again, token);
        return again;
    }

    /// <summary>Makes the caller, whose account has the address, a member of the project.</summary>
    public async Task<ProjectMemberRecord> AcceptAsync(string token, ServerCallContext context)
    {
        var (caller, cancellation) = (Caller.Of(context), context.CancellationToken);
        var invitation = await FindGoodAsync(token, context);
        if ((await accounts.FindAsync(caller.User, cancellation))?.EmailKey != invitation.EmailKey)
        {
            throw ApiErrors.PermissionDenied(
                ErrorReasons.AddressDiffers, "The invitation went to another address than your account's. Sign in with an account that has it, or make one (CompleteRegistration).");
        }

        var role = await invitations.AcceptAsync(invitation, caller.User, time.Now(), cancellation) ?? throw Ended();
        await revocations.ProjectChangedAsync(invitation.Project);
        return new ProjectMemberRecord { Project = invitation.Project, User = caller.User, Role = role };
    }

    /// <summary>Says no for who reads the address.</summary>
    public async Task DeclineAsync(string token, ServerCallContext context)
    {
        var invitation = await FindGoodAsync(token, context);
        if (!await invitations.DeclineAsync(invitation.TokenHash, time.Now(), context.CancellationToken)) throw Ended();
        await auditor.NoteAsync(context, invitation.Name);
    }

    private async Task<InvitationRecord> FindGoodAsync(string token, ServerCallContext context)
    {
        var hash = MailToken.Hash(token);
        await guard.AdmitAnonymousAsync(context, context.CancellationToken);
        return await invitations.FindGoodAsync(hash, time.GetUtcNow(), context.CancellationToken) ?? throw Ended();
    }

    private static RpcException Ended() => ApiErrors.Precondition(
        ErrorReasons.InvitationEnded, "invitation", "The invitation is not good (any more): it was taken up, taken back or sent again, or its time is over. Ask for another.");

    private static RpcException Declined(InvitationRecord invitation) => ApiErrors.Precondition(
        ErrorReasons.InvitationEnded, invitation.Name, "Whoever reads the address said no. Take the invitation back before you send another.");

    private void Mail(InvitationRecord invitation, string token) => errands.Mail(
        "mail with an invitation to a project", _ => Task.FromResult<MimeKit.MimeMessage?>(texts.ProjectInvitation(invitation.Email, invitation.Project, invitation.Role, token)));
}

using MimeKit;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Identity.Mail;

/// <summary>What the mails say.</summary>
internal sealed class MailTexts(MailOptions options, AccountOptions accounts)
{
    public MimeMessage Registration(string email, string token) => Create(
        email, "Complete your registration",
        $"Somebody, we hope you, wants an account at SynthStudio with this address.\n\n{Way("register", "synth account complete", token)}\n\n"
        + "This is good for an hour. If it was not you, do nothing: there is no account without it.");

    public static MimeMessage AlreadyRegistered(string email) => Create(
        email, "You have an account already",
        "Somebody, we hope you, wanted an account at SynthStudio with this address, which has one already. Sign in, or ask for a new password if you "
        + "forgot yours. If it was not you, do nothing.");

    public MimeMessage Invitation(string email, string token) => Create(
        email, "You are invited",
        $"An administrator invites you to SynthStudio.\n\n{Way("register", "synth account complete", token)}\n\nThis is good for seven days.");

    /// <summary>Says of the project only what nobody can write a message of their own into: its name's letters and digits.</summary>
    public MimeMessage ProjectInvitation(string email, string project, ProjectRole role, string token)
    {
        var register = accounts.Registration == Accounts.Registration.Closed ? "" : "; if you have none yet, by synth account complete";
        return Create(
            email, "You are invited to a project",
            $"You are invited to {project} at SynthStudio, as its {role.ToString().ToLowerInvariant()}. If you have an account with this address, sign in and accept.\n\n"
            + $"{Way("invitation", $"synth invitations accept{register}", token)}\n\n"
            + "This is good for seven days. If you do not know what it is about, do nothing, or decline (synth invitations decline).");
    }

    public MimeMessage PasswordReset(string email, string token) => Create(
        email, "Set a new password",
        $"Somebody, we hope you, forgot the password of your account at SynthStudio.\n\n{Way("reset", "synth account reset-password", token)}\n\n"
        + "This is good for an hour. If it was not you, do nothing: the old password stays.");

    public static MimeMessage PasswordChanged(string email, bool keptKeys) => Create(
        email, "Your password was changed",
        "The password of your account at SynthStudio was changed just now, and sessions elsewhere were ended. "
        + (keptKeys ? "Your API keys stayed good, as was asked for. " : "Your API keys were revoked, but for one that it was changed with. ") + "If it was not you, ask for a new password at once.");

    public MimeMessage EmailChange(string email, string token) => Create(
        email, "Confirm your address",
        $"Somebody, we hope you, wants their account at SynthStudio to have this address.\n\n{Way("confirm", "synth account confirm-email", token)}\n\n"
        + "This is good for an hour. If it was not you, do nothing.");

    public static MimeMessage EmailChanged(string email) => Create(
        email, "Your address was changed",
        "Your account at SynthStudio has another address since just now, and this one is used no more. If it was not you, tell your administrator at once.");

    private string Way(string purpose, string command, string token) => options.Page.Length > 0
        ? $"Go on here: {options.Page}#{purpose}={token}"
        : $"Go on by: {command}\nIt asks for this token: {token}";

    private static MimeMessage Create(string email, string subject, string text)
    {
        var mail = new MimeMessage { Subject = $"SynthStudio: {subject}", Body = new TextPart("plain") { Text = text + "\n" } };
        mail.To.Add(new MailboxAddress("", email));
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no answers from the absent.
        return mail;
    }
}

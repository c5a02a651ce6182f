using MimeKit;

namespace SynthStudio.Api.Identity.Mail;

/// <summary>Sends mails.</summary>
internal interface IMailSender
{
    /// <summary>Whether there is anywhere to send them.</summary>
    bool CanSend { get; }

    /// <summary>Sends one; done when somebody else has it.</summary>
    /// <exception cref="MailException">Nobody took it. The message tells nothing of what is in it.</exception>
    Task SendAsync(MimeMessage mail, CancellationToken cancellation);
}

/// <summary>A mail was not taken.</summary>
internal sealed class MailException(string message, Exception inner) : Exception(message, inner);

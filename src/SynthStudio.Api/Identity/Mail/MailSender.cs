using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace SynthStudio.Api.Identity.Mail;

/// <summary>Sends mails as the options say: to a mail server, or into files.</summary>
internal sealed class MailSender(MailOptions options) : IMailSender
{
    private const int TimeoutMilliseconds = 20_000;

    public bool CanSend => options.Delivery != MailDelivery.None;

    public Task SendAsync(MimeMessage mail, CancellationToken cancellation)
    {
        if (mail.From.Count == 0) mail.From.Add(MailboxAddress.Parse(options.From)); // Not again at a second try.
        return options.Delivery switch
        {
            MailDelivery.Smtp => SendBySmtpAsync(mail, cancellation),
            MailDelivery.File => WriteAsync(mail, cancellation),
            _ => throw new InvalidOperationException("No mails are sent; ask CanSend first."),
        };
    }

    private async Task SendBySmtpAsync(MimeMessage mail, CancellationToken cancellation)
    {
        try
        {
            using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
            var security = options.Security switch
            {
                MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                MailSecurity.None => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            };
            await client.ConnectAsync(options.Host, options.Port, security, cancellation);
            if (options.User.Length > 0) await client.AuthenticateAsync(options.User, options.Password, cancellation);
            await client.SendAsync(mail, cancellation);
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception e) when (e is SocketException or IOException or TimeoutException
            or SmtpCommandException or SmtpProtocolException or AuthenticationException
            or SslHandshakeException or NotSupportedException)
        {
            throw new MailException($"{options.Host}:{options.Port} did not take a mail: {e.GetType().Name}.", e);
        }
    }

    private async Task WriteAsync(MimeMessage mail, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(options.Folder);
            var file = Path.Combine(options.Folder, $"{Guid.CreateVersion7():N}.eml");
            var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var stream = new FileStream(file + ".new", access)) await mail.WriteToAsync(stream, cancellation);
            File.Move(file + ".new", file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MailException($"A mail could not be written into {options.Folder}.", e);
        }
    }
}

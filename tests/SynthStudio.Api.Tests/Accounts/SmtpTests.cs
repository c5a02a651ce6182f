using System.Net;
using System.Net.Sockets;
using System.Text;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Mail;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>Mails to a mail server.</summary>
[TestClass]
public sealed class SmtpTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task A_mail_server_gets_the_mail()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var received = ReceiveAsync(listener);
        var options = Options(listener, MailSecurity.None);

        await new MailSender(options).SendAsync(new MailTexts(options, new AccountOptions()).Invitation("ada@example.org", "sm_token"), TestContext.CancellationToken);

        var conversation = await received;
        Assert.Contains("MAIL FROM:<studio@example.org>", conversation);
        Assert.Contains("RCPT TO:<ada@example.org>", conversation);
        Assert.Contains("sm_token", conversation);
    }

    [TestMethod]
    public async Task Without_TLS_nothing_is_sent_unless_that_is_asked_for_and_no_error_tells_the_token()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var received = ReceiveAsync(listener);
        var options = Options(listener, MailSecurity.StartTls);

        var error = await Assert.ThrowsExactlyAsync<MailException>(
            () => new MailSender(options).SendAsync(new MailTexts(options, new AccountOptions()).Invitation("ada@example.org", "sm_token"), TestContext.CancellationToken));

        Assert.DoesNotContain("sm_token", error.ToString());
        Assert.DoesNotContain("MAIL FROM", await received);
    }

    private static MailOptions Options(TcpListener listener, MailSecurity security) => new()
    {
        Delivery = MailDelivery.Smtp, Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, From = "SynthStudio <studio@example.org>", Security = security,
    };

    /// <summary>Speaks enough SMTP for one mail and answers all that the client said.</summary>
    private static async Task<string> ReceiveAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        var said = new StringBuilder();
        await writer.WriteLineAsync("220 test");
        var inData = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            said.Append(line).Append('\n');
            if (inData)
            {
                inData = line != ".";
                if (!inData) await writer.WriteLineAsync("250 ok");
                continue;
            }

            inData = line == "DATA";
            await writer.WriteLineAsync(line.StartsWith("EHLO", StringComparison.Ordinal) ? "250 test" : inData ? "354 go on" : line == "QUIT" ? "221 bye" : "250 ok");
            if (line == "QUIT") break;
        }

        return said.ToString();
    }
}

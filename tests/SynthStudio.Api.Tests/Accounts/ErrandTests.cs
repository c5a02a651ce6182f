using MimeKit;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>What is done beside the calls: tried again without being counted again, and nothing waits for a mail server that hangs.</summary>
[TestClass]
public sealed class ErrandTests : PeopleTest
{
    [TestMethod]
    public async Task A_mail_that_is_tried_again_is_counted_and_written_once()
    {
        var (sender, email, written) = (new FlakySender { Failures = 2 }, NewEmail(), 0);
        using var errands = await StartAsync(sender);
        errands.Mail("test mail", ComposeAsync, (MailPurpose.Registration, email));
        await EventuallyAsync(() => Task.FromResult(sender.Sent), sent => sent == 1);

        Assert.AreEqual((3, 1), (sender.Tries, written));
        var guard = Server.Get<SignInGuard>();
        for (var i = 0; i < 2; i++) Assert.IsTrue(await guard.MayMailAsync(MailPurpose.Registration, email, Cancellation), "One of three was counted.");
        Assert.IsFalse(await guard.MayMailAsync(MailPurpose.Registration, email, Cancellation));

        Task<MimeMessage?> ComposeAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref written);
            return Task.FromResult<MimeMessage?>(new MimeMessage());
        }
    }

    [TestMethod]
    public async Task Notes_are_written_while_the_mail_server_hangs()
    {
        var sender = new FlakySender { Hangs = true };
        using var errands = await StartAsync(sender);
        for (var i = 0; i < 40; i++) errands.TryMail("test mail", new MimeMessage());
        var noted = new TaskCompletionSource();
        errands.TryNote("test note", _ =>
        {
            noted.SetResult();
            return Task.CompletedTask;
        });

        await noted.Task.WaitAsync(Cancellation);
        Assert.AreEqual(0, sender.Sent);
        await errands.StopAsync(Cancellation);
    }

    private async Task<AccountErrands> StartAsync(FlakySender sender)
    {
        var errands = new AccountErrands(
            Server.Get<SignInGuard>(), sender, new Impatience(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<AccountErrands>.Instance);
        await errands.StartAsync(Cancellation);
        return errands;
    }

    /// <summary>A mail server that fails so often, or never answers.</summary>
    private sealed class FlakySender : IMailSender
    {
        private int _tries, _sent;

        public int Failures { get; init; }

        public bool Hangs { get; init; }

        public bool CanSend => true;

        public int Tries => _tries;

        public int Sent => _sent;

        public async Task SendAsync(MimeMessage mail, CancellationToken cancellation)
        {
            if (Hangs) await Task.Delay(Timeout.Infinite, cancellation);
            if (Interlocked.Increment(ref _tries) <= Failures) throw new MailException("not now", new IOException());
            Interlocked.Increment(ref _sent);
        }
    }

    /// <summary>A clock by which no pause takes time.</summary>
    private sealed class Impatience : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

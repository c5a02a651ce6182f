using System.Threading.Channels;
using MimeKit;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>
/// Does beside the calls what their callers must not be able to time: looking addresses up, writing mails, noting refused sign-ins. Mails have a queue of their
/// own, so that a mail server that is slow holds up nothing else, and what failed waits for its next try beside the queue. What waits when the server stops is
/// lost: whoever waits for a mail asks again.
/// </summary>
internal sealed class AccountErrands(SignInGuard guard, IMailSender sender, TimeProvider time, ILogger<AccountErrands> log) : BackgroundService
{
    private const int LongestQueue = 1000;
    private const int MailWorkers = 8;
    private const int NoteWorkers = 2;
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20)];

    private readonly Channel<Errand> _mails = CreateQueue(), _notes = CreateQueue();

    /// <summary>Has a mail written and sent soon, each tried up to three times and done once.</summary>
    /// <param name="what">For the log, without secrets.</param>
    /// <param name="compose">Writes it; null for none.</param>
    /// <param name="budget">What the mail counts as, and to whom: an address gets only so many. Null for one that somebody known asked for.</param>
    /// <exception cref="RpcException">UNAVAILABLE: too much waits already.</exception>
    public void Mail(string what, Func<CancellationToken, Task<MimeMessage?>> compose, (MailPurpose Purpose, string EmailKey)? budget = null)
    {
        if (!TryAdd(_mails, new Errand(what, Sending(compose, budget))))
            throw ApiErrors.Unavailable(ErrorReasons.TooManySignIns, "Too many mails wait to be sent. Try again.", TimeSpan.FromSeconds(10));
    }

    /// <summary>Has a mail sent soon, if there is room: that nobody waits for.</summary>
    public void TryMail(string what, MimeMessage mail) => TryAdd(_mails, new Errand(what, Sending(_ => Task.FromResult<MimeMessage?>(mail), budget: null)));

    /// <summary>Has something noted soon, if there is room: what may not tell by its failure that there was something to note.</summary>
    public void TryNote(string what, Func<CancellationToken, Task> work) => TryAdd(_notes, new Errand(what, work));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        [
            .. Enumerable.Range(0, MailWorkers).Select(_ => WorkAsync(_mails, stoppingToken)),
            .. Enumerable.Range(0, NoteWorkers).Select(_ => WorkAsync(_notes, stoppingToken)),
        ]);

    private static Channel<Errand> CreateQueue() =>
        Channel.CreateBounded<Errand>(new BoundedChannelOptions(LongestQueue) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>
    /// Counts, writes and sends a mail. Repeated after a failure it goes on with the step that failed: what
    /// was counted is not counted again.
    /// </summary>
    private Func<CancellationToken, Task> Sending(
        Func<CancellationToken, Task<MimeMessage?>> compose, (MailPurpose Purpose, string EmailKey)? budget)
    {
        var (isCounted, isWritten) = (budget is null, false);
        MimeMessage? mail = null;
        return async stopping =>
        {
            if (!isCounted && !await guard.MayMailAsync(budget!.Value.Purpose, budget.Value.EmailKey, stopping)) return;
            isCounted = true;
            if (!isWritten) mail = await compose(stopping);
            isWritten = true;
            if (mail is not null) await sender.SendAsync(mail, stopping);
        };
    }

    private bool TryAdd(Channel<Errand> queue, Errand errand)
    {
        if (queue.Writer.TryWrite(errand)) return true;
        log.ErrandDropped(errand.What);
        return false;
    }

    private async Task WorkAsync(Channel<Errand> queue, CancellationToken stopping)
    {
        try
        {
            await foreach (var errand in queue.Reader.ReadAllAsync(stopping)) await DoAsync(queue, errand, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task DoAsync(Channel<Errand> queue, Errand errand, CancellationToken stopping)
    {
        try
        {
            await errand.Work(stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            if (errand.Failures == Pauses.Length)
            {
                log.ErrandFailed(errand.What, e);
                return;
            }

            log.ErrandRetries(errand.What, Pauses[errand.Failures], e);
            _ = AddLaterAsync(queue, errand with { Failures = errand.Failures + 1 }, Pauses[errand.Failures], stopping);
        }
    }

    private async Task AddLaterAsync(Channel<Errand> queue, Errand errand, TimeSpan pause, CancellationToken stopping)
    {
        await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stopping.IsCancellationRequested) TryAdd(queue, errand);
    }

    private sealed record Errand(string What, Func<CancellationToken, Task> Work, int Failures = 0);
}

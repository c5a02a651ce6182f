using System.Threading.Channels;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>
/// Does beside the calls what their callers must not be able to time: looking addresses up, writing mails, noting refused sign-ins. What waits when
/// the server stops is lost: whoever waits for a mail asks again.
/// </summary>
internal sealed class AccountErrands(TimeProvider time, ILogger<AccountErrands> log) : BackgroundService
{
    private const int LongestQueue = 1000;
    private const int Workers = 4;
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20)];

    private readonly Channel<Errand> _errands = Channel.CreateBounded<Errand>(new BoundedChannelOptions(LongestQueue) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Has something done soon, up to three times.</summary>
    /// <param name="what">For the log, without secrets.</param>
    /// <param name="work">Does it.</param>
    /// <exception cref="RpcException">UNAVAILABLE: too much waits already.</exception>
    public void Do(string what, Func<CancellationToken, Task> work)
    {
        if (!TryDo(what, work))
            throw ApiErrors.Unavailable(ErrorReasons.TooManySignIns, "Too many mails wait to be sent. Try again.", TimeSpan.FromSeconds(10));
    }

    /// <summary>Has something done soon, if there is room: for what nobody waits for, and what may not tell by its failure that there was something to do.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryDo(string what, Func<CancellationToken, Task> work)
    {
        if (_errands.Writer.TryWrite(new Errand(what, work))) return true;
        log.ErrandDropped(what);
        return false;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var errand in _errands.Reader.ReadAllAsync(stopping)) await DoAsync(errand, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task DoAsync(Errand errand, CancellationToken stopping)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await errand.Work(stopping);
                return;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                if (attempt == Pauses.Length)
                {
                    log.ErrandFailed(errand.What, e);
                    return;
                }

                log.ErrandRetries(errand.What, Pauses[attempt], e);
                await Task.Delay(Pauses[attempt], time, stopping);
            }
        }
    }

    private sealed record Errand(string What, Func<CancellationToken, Task> Work);
}

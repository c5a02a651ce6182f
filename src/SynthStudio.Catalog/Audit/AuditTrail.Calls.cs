using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// Calls that change something have two entries: that they began, written before they do anything, and how they ended, for which nobody
/// waits. Who reads, checks or signs a chain in this process waits for those that are on their way.
/// </summary>
public sealed partial class AuditTrail
{
    private const int MostOutcomeTries = 5;

    private static readonly TimeSpan OutcomeRetry = TimeSpan.FromSeconds(1);

    /// <summary>Entries that are being written while their callers do something else, with their chains.</summary>
    private readonly ConcurrentDictionary<Task, string> _underWay = new();

    /// <summary>
    /// Writes that a call begins. When the task is done the trail says so whatever becomes of this process; the disk is synchronised while
    /// the call does its work, and what that commits to the same database takes the entry along.
    /// </summary>
    /// <param name="chain">The chain.</param>
    /// <param name="what">The event; its outcome is set.</param>
    /// <exception cref="DbException">The database does not take it.</exception>
    public async Task<BegunCall> BeginAsync(string chain, AuditEvent what)
    {
        var append = new Appended(chain, what with { Outcome = AuditEvent.BegunOutcome });
        await _appends.WriteAsync(append, CancellationToken.None);
        return new BegunCall(chain, append.Sequence, append.Synced);
    }

    /// <summary>
    /// Has written how a call ended, behind all that was handed over before and within a moment, together with the beginning of the next
    /// call where one comes. What the database does not take is tried again for a few seconds; an entry whose commit was not heard of may
    /// so be there twice, which its <see cref="AuditEvent.Begun"/> shows. When all fails the log and a counter tell of it, and the trail
    /// says of the call that it began.
    /// </summary>
    /// <param name="begun">The call.</param>
    /// <param name="how">How it ended; its number of the begun entry is set.</param>
    public void End(BegunCall begun, AuditEvent how) => Track(WriteOutcomeAsync(begun, how), begun.Chain);

    private async Task WriteOutcomeAsync(BegunCall begun, AuditEvent how)
    {
        await begun.Synced.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (begun.Synced.IsCompletedSuccessfully) how = how with { Begun = begun.Sequence }; // Else that number may be another entry's by now.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await HandOverAsync(new Appended(begun.Chain, how) { CanWait = true }, CancellationToken.None);
                return;
            }
            catch (Exception e) // Whatever it is: nobody else would tell of it.
            {
                if (attempt == MostOutcomeTries || _disposed)
                {
                    AuditMeter.OutcomeLost();
                    LogOutcomeLost(_log, how.Method, begun.Sequence, begun.Chain, how.Outcome, e);
                    return;
                }
            }

            // Who stops the server waits for one more try, and not for the time until then.
            if (!_disposed) await Task.Delay(OutcomeRetry, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Track(Task writing, string chain)
    {
        if (writing.IsCompleted) return;
        _underWay[writing] = chain;
        _ = ForgetAsync(writing);
    }

    private async Task ForgetAsync(Task writing)
    {
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _underWay.TryRemove(writing, out _);
    }

    /// <summary>Waits for the entries that are on their way now; of one chain, or of all (null). Whether they were written, those hear who are to.</summary>
    private async Task SettleAsync(string? chain, CancellationToken cancellation = default)
    {
        if (_underWay.IsEmpty) return;
        var writing = _underWay.Where(one => chain is null || one.Value == chain).Select(one => one.Key);
        await Task.WhenAll(writing).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "How {Method} ended, which began as line {Begun} of the audit trail of {Chain}, could not be written: {Outcome}")]
    private static partial void LogOutcomeLost(ILogger log, string method, long begun, string chain, string outcome, Exception e);
}

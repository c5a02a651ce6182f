using System.Collections.ObjectModel;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// Who did what, in a chain of hashes for each project and one for what is about none. Entries that arrive together are written together.
/// The ends of the chains are signed and kept in the anchor, outside the database, within <see cref="AnchorInterval"/>; those of a process
/// that died before are looked for at the start of the next, and every <see cref="CatchUpInterval"/>.
/// </summary>
public sealed partial class AuditTrail : IAsyncDisposable
{
    /// <summary>The chain of what is about no project.</summary>
    public const string Server = "server";

    /// <summary>Entries later than this before an attack on the database may be cut off unnoticed: their end was not yet signed.</summary>
    public static readonly TimeSpan AnchorInterval = TimeSpan.FromSeconds(2);

    /// <summary>So often all chains are looked at for ends that nobody signed, beside the start; within a minute where something failed.</summary>
    public static readonly TimeSpan CatchUpInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan CatchUpRetry = TimeSpan.FromMinutes(1);

    private readonly DbDataSource _database;
    private readonly AuditWriter _writer;
    private readonly AuditLines _lines;
    private readonly AuditSeal _seal;
    private readonly AuditAnchoring _ends;
    private readonly ILedgerAnchor _anchor;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<string, (long Sequence, byte[] Hash)> _unsigned = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsound = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _caughtUp = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _oneAnchors = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _anchoring;
    private readonly GroupCommit<Appended> _appends;
    private readonly GroupCommit<Unsynced> _syncs;
    private bool _disposed;

    /// <summary>Whether something may be written of which nobody here heard, so that its end is to be looked up.</summary>
    private volatile bool _isUncertain;

    /// <param name="database">The catalog.</param>
    /// <param name="key">The server's secret: signs.</param>
    /// <param name="anchor">Keeps the signed ends.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears of an anchor that cannot be reached.</param>
    public AuditTrail(DbDataSource database, LedgerKey key, ILedgerAnchor anchor, TimeProvider time, ILogger<AuditTrail> log)
        : this(database, key, anchor, time, log, adder: null)
    {
    }

    /// <param name="database">The catalog.</param>
    /// <param name="key">The server's secret: signs.</param>
    /// <param name="anchor">Keeps the signed ends.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears of an anchor that cannot be reached.</param>
    /// <param name="adder">What adds to chains; null for the database's own.</param>
    internal AuditTrail(DbDataSource database, LedgerKey key, ILedgerAnchor anchor, TimeProvider time, ILogger<AuditTrail> log, IAuditAdder? adder)
    {
        (_database, _anchor, _time, _log) = (database, anchor, time, log);
        (_writer, _lines, _seal) = (new AuditWriter(database, time, adder), new AuditLines(database), AuditSeal.Of(key));
        _ends = new AuditAnchoring(_lines, anchor, _seal);
        _appends = new(WriteAsync);
        _syncs = new(SyncAsync);
        AuditMeter.NotSound(0);
        _anchoring = Task.Run(AnchorLoopAsync);
    }

    /// <summary>Checks signatures of exported trails.</summary>
    public string PublicKeyPem => _seal.PublicKeyPem;

    /// <summary>Writes an event at the end of a chain; it is durable when the task is done.</summary>
    /// <param name="chain"><c>projects/{project}</c>, or <see cref="Server"/>.</param>
    /// <param name="what">The event.</param>
    /// <param name="cancellation">Stops waiting for room in the queue; what is in it is written.</param>
    /// <returns>The entry's number.</returns>
    /// <exception cref="DbException">The database does not take it.</exception>
    /// <exception cref="IOException">The disk does not take it, or the database died and lost it.</exception>
    public Task<long> AppendAsync(string chain, AuditEvent what, CancellationToken cancellation = default) =>
        HandOverAsync(new Appended(chain, what), cancellation);

    private async Task<long> HandOverAsync(Appended append, CancellationToken cancellation)
    {
        await _appends.WriteAsync(append, cancellation);
        await append.Synced;
        return append.Sequence;
    }

    /// <summary>Entries of a chain, newest first. A line that is no entry any more, whose fault the verification tells, is there as <see cref="AuditEvent.UnreadableOutcome"/>.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="before">Only those with a smaller number; null for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<AuditEntry>> ListAsync(string chain, AuditFilter filter, long? before, int limit, CancellationToken cancellation = default)
    {
        await SettleAsync(chain, cancellation);
        var (where, parameters) = filter.ToSql(SqlDialect.Of(_database));
        return await _database.ReadAsync(
            $"SELECT sequence, line FROM audit_entries WHERE chain = @chain AND sequence < @before {where} ORDER BY sequence DESC LIMIT @limit", r => Listed(r.GetInt64(0), r.GetString(1)),
            cancellation, [("@chain", chain), ("@before", before ?? long.MaxValue), ("@limit", limit), .. parameters]);
    }

    /// <summary>The entry at a number, whatever its line says of that: who goes on from it comes to the next.</summary>
    private static AuditEntry Listed(long sequence, string line) => AuditLine.TryRead(line, out var entry)
        ? entry with { Sequence = sequence }
        : new AuditEntry(sequence, DateTimeOffset.UnixEpoch, new AuditEvent { Actor = "", Method = "", Outcome = AuditEvent.UnreadableOutcome });

    /// <summary>The lines of a chain with their hashes, oldest first, as they are stored.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="last">Number of the last; null for all.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async IAsyncEnumerable<(long Sequence, string Line, byte[] Hash)> LinesAsync(
        string chain, long? last = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await SettleAsync(chain, cancellation);
        await foreach (var page in _lines.PagesAsync(chain, after: 0, last ?? long.MaxValue, cancellation))
        {
            foreach (var (sequence, line, hash) in page) yield return (sequence, Encoding.UTF8.GetString(line), hash);
        }
    }

    /// <summary>
    /// Goes along a chain and compares it with its end and with what was signed and kept outside the database. Only what is sound is signed, and that
    /// once it is on the disk.
    /// </summary>
    /// <exception cref="IOException">The disk does not take the end.</exception>
    public async Task<AuditFindings> VerifyAsync(string chain, CancellationToken cancellation = default)
    {
        var anchored = await _anchor.FindAsync(AuditHead.AnchorName(chain), cancellation);
        var (verification, end, signed) = await GoAlongAsync(chain, anchored, cancellation);
        if (signed is not null) verification.CheckHead(signed, _seal);
        else if (anchored is { } found) verification.Note(found.Sequence, AuditFaultKind.Forged, "What is kept outside the database is no signed end of a trail.");

        var isSound = verification.Faults.Count == 0 && verification.Sequence > 0;

        // What is signed must never be lost.
        if (isSound) await _syncs.WriteAsync(new Unsynced(chain, new AuditEnd(end.Sequence, end.Hash, default)), cancellation);
        return new AuditFindings(
            verification.Lines, isSound ? AuditHead.Sign(_seal, chain, end.Sequence, end.Hash) : null, anchored?.Sequence ?? 0,
            verification.Faults, PublicKeyPem)
        {
            Restores = verification.Restores,
        };
    }

    /// <summary>Goes along a chain to its end, and remembers the line of what was kept outside the database, which is still to be compared.</summary>
    private async Task<(AuditVerification Verification, (long Sequence, byte[] Hash) End, AuditHead? Signed)> GoAlongAsync(
        string chain, LedgerHead? anchored, CancellationToken cancellation)
    {
        await SettleAsync(chain, cancellation);
        var verification = new AuditVerification(chain, _seal);
        if (anchored is { } kept) verification.Remember(kept.Sequence);

        // Before the lines: what is written meanwhile lies behind it, and what it says was there then.
        var end = await _lines.EndAsync(chain, cancellation);
        await foreach (var page in _lines.PagesAsync(chain, after: 0, end.Sequence, cancellation))
        {
            foreach (var (sequence, line, hash) in page) verification.Add(sequence, line, hash);
        }

        verification.CheckEnd(end.Sequence, end.Hash);
        foreach (var stray in await _lines.StraysAsync(chain, cancellation)) verification.NoteStray(stray);
        return (verification, end, anchored is { } head ? AuditHead.FromAnchor(chain, head) : null);
    }

    /// <summary>Writes what was handed over, and signs the ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        await _stopping.CancelAsync();
        await SettleAsync(chain: null);
        await _appends.DisposeAsync();
        await _anchoring;
        await _syncs.DisposeAsync();
        _writer.Dispose();
        await AnchorAsync();
        _stopping.Dispose();
        _oneAnchors.Dispose();
        _seal.Dispose();
    }

    /// <summary>What was not written down is not acknowledged: the calls of a chain that cannot be added to fail.</summary>
    private async Task WriteAsync(IReadOnlyList<Appended> batch)
    {
        var waiting = batch.ToLookup(append => append.Chain, StringComparer.Ordinal);
        try
        {
            await _writer.WriteAsync([.. batch.Select(append => (append.Chain, append.Event))], Committed, CancellationToken.None);
        }
        catch
        {
            _isUncertain = true;
            throw;
        }

        void Committed(string chain, AuditEnd end)
        {
            var synced = _syncs.WriteAsync(new Unsynced(chain, end), CancellationToken.None);
            var sequence = end.Sequence - waiting[chain].Count();
            foreach (var append in waiting[chain])
            {
                (append.Sequence, append.Synced) = (++sequence, synced);
                append.Done.TrySetResult();
            }
        }
    }

    /// <summary>
    /// One synchronisation for all who wait at the same time, beside which others write. An end is signed only after it: what is signed
    /// must never be lost.
    /// </summary>
    private async Task SyncAsync(IReadOnlyList<Unsynced> batch)
    {
        var ends = batch.GroupBy(written => written.Chain, written => written.End, StringComparer.Ordinal)
            .ToDictionary(chain => chain.Key, chain => chain.MaxBy(end => end.Sequence)!, StringComparer.Ordinal);
        try
        {
            await _writer.SyncAsync(ends);
        }
        catch
        {
            _isUncertain = true;
            throw;
        }

        lock (_unsigned)
        {
            foreach (var (chain, end) in ends)
            {
                if (!_unsigned.TryGetValue(chain, out var known) || known.Sequence < end.Sequence) _unsigned[chain] = (end.Sequence, end.Hash);
            }
        }
    }

    private async Task AnchorLoopAsync()
    {
        using var timer = new PeriodicTimer(AnchorInterval, _time);
        try
        {
            var (looked, pause) = (_time.GetTimestamp(), TimeSpan.Zero);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                if (_time.GetElapsedTime(looked) >= (_isUncertain && pause > CatchUpRetry ? CatchUpRetry : pause))
                    (looked, pause) = (_time.GetTimestamp(), await CatchUpAsync());
                await AnchorAsync();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Has the ends signed that are beyond what was kept of them: whoever wrote them died before. Each is read once, until it moves.</summary>
    /// <returns>After how long to look again.</returns>
    private async Task<TimeSpan> CatchUpAsync()
    {
        _isUncertain = false;
        try
        {
            // Others may have written them a moment ago, and what is signed must never be lost. Who moves one on meanwhile signs it.
            var seen = (await _lines.EndsAsync(_stopping.Token)).ToDictionary(end => end.Chain, end => end.Hash, StringComparer.Ordinal);
            await _writer.SyncAsync(ReadOnlyDictionary<string, AuditEnd>.Empty);
            foreach (var (chain, sequence, hash) in await _lines.EndsAsync(_stopping.Token))
            {
                if (!seen.TryGetValue(chain, out var known) || !known.AsSpan().SequenceEqual(hash)) continue;
                if (_caughtUp.GetValueOrDefault(chain) >= sequence) continue;
                if (await _anchor.FindAsync(AuditHead.AnchorName(chain), _stopping.Token) is { } kept && kept.Sequence >= sequence) _caughtUp[chain] = sequence;
                else lock (_unsigned) _unsigned.TryAdd(chain, (sequence, hash)); // One that was written here since is newer.
            }

            return CatchUpInterval;
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested) // Whatever it is: the next round tries again, and must come.
        {
            LogNotCaughtUp(_log, e);
            return CatchUpRetry;
        }
    }

    /// <summary>Signs and keeps the ends of what was written since; one at a time, so that what was written before the call is kept after it.</summary>
    internal async Task AnchorAsync()
    {
        await SettleAsync(chain: null);
        await _oneAnchors.WaitAsync();
        try
        {
            await AnchorAloneAsync();
        }
        finally
        {
            _oneAnchors.Release();
        }
    }

    private async Task AnchorAloneAsync()
    {
        (string Chain, long Sequence, byte[] Hash)[] ends;
        lock (_unsigned)
        {
            ends = [.. _unsigned.Select(end => (end.Key, end.Value.Sequence, end.Value.Hash))];
            _unsigned.Clear();
        }

        if (ends.Length == 0) return;
        try
        {
            var faults = await _ends.AdvanceAsync(ends, CancellationToken.None);
            _unsound.ExceptWith(ends.Select(end => end.Chain).Where(chain => !faults.ContainsKey(chain)));
            AuditMeter.NotSound(faults.Count);
            foreach (var (chain, fault) in faults)
            {
                if (_unsound.Add(chain)) LogNotSound(_log, chain, fault.Description);
            }
        }
        catch (Exception e) // Whatever it is: the next round tries again, and must come.
        {
            LogNotAnchored(_log, ends.Length, e);
            lock (_unsigned)
            {
                foreach (var (chain, sequence, hash) in ends) _unsigned.TryAdd(chain, (sequence, hash));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit trail of {Chain} is not what was signed before, so its new end is not signed. {Fault}")]
    private static partial void LogNotSound(ILogger log, string chain, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ends of {Chains} audit trails could not be kept outside the database; that is tried again.")]
    private static partial void LogNotAnchored(ILogger log, int chains, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ends of the audit trails could not be compared with what is kept outside the database; that is tried again.")]
    private static partial void LogNotCaughtUp(ILogger log, Exception e);

    /// <summary>An end of a chain that is written, and is to be on the disk.</summary>
    private sealed record Unsynced(string Chain, AuditEnd End) : Written;

    /// <summary>An event to be written.</summary>
    private sealed record Appended(string Chain, AuditEvent Event) : Written
    {
        /// <summary>Its number, once it is written.</summary>
        public long Sequence { get; set; }

        /// <summary>Done when it is on the disk; there once it is written.</summary>
        public Task Synced { get; set; } = Task.CompletedTask;
    }
}

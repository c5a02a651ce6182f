namespace SynthStudio.Privacy.Ledger;

/// <summary>Reads a ledger again from its first line: every hash, every decision, every sum.</summary>
public static class LedgerAudit
{
    /// <summary>Checks the chain and folds it.</summary>
    /// <param name="key">The key of the chain.</param>
    /// <param name="lines">Text and hash of each line, in order.</param>
    /// <exception cref="LedgerException">A line is missing, changed, or could not follow those before it.</exception>
    public static LedgerAuditResult Run(ReadOnlySpan<byte> key, IEnumerable<(string Text, byte[] Hash)> lines)
    {
        var state = LedgerState.Empty;
        var jobs = new Dictionary<string, Reservation?>(StringComparer.Ordinal);
        var head = LedgerLine.Root.ToArray();
        var sequence = 0L;
        foreach (var (text, hash) in lines)
        {
            var line = LedgerLine.Parse(text);
            if (line.Sequence != ++sequence || !hash.AsSpan().SequenceEqual(LedgerLine.Hash(key, head, text)))
                throw new LedgerException(LedgerError.ChainBroken, $"Line {sequence} of the ledger is missing or not what was written.");

            var job = JobOf(line.Entry);
            var reservation = job is null ? null : jobs.GetValueOrDefault(job);
            state = state.After(line.Entry, reservation);
            if (job is not null) jobs[job] = LedgerState.ReservationAfter(line.Entry, reservation);
            head = hash;
        }

        return new LedgerAuditResult(sequence, head, state, jobs.ToDictionary(j => j.Key, j => j.Value!.Value));
    }

    /// <summary>The job that an entry is about; null when it is about none.</summary>
    public static string? JobOf(LedgerEntry entry) => entry switch
    {
        Reserved e => e.Job,
        Touched e => e.Job,
        Committed e => e.Job,
        Released e => e.Job,
        _ => null,
    };
}

/// <summary>What a ledger comes to.</summary>
/// <param name="Sequence">Number of its last line.</param>
/// <param name="Head">Hash of its last line.</param>
/// <param name="State">The sum.</param>
/// <param name="Reservations">By job.</param>
public sealed record LedgerAuditResult(long Sequence, byte[] Head, LedgerState State, IReadOnlyDictionary<string, Reservation> Reservations);

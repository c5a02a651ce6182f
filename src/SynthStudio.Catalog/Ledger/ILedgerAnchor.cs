namespace SynthStudio.Catalog;

/// <summary>
/// Remembers, outside the database, how far each population's ledger was acknowledged, so that an older copy of the database is noticed. Never
/// goes back.
/// </summary>
public interface ILedgerAnchor
{
    /// <summary>The furthest line that was acknowledged; null when none was.</summary>
    Task<LedgerHead?> FindAsync(string population, CancellationToken cancellation);

    /// <summary>Notes lines that are committed, durably, before anybody is told of them.</summary>
    Task AdvanceAsync(IReadOnlyList<(string Population, LedgerHead Head)> heads, CancellationToken cancellation);
}

/// <summary>The end of a ledger.</summary>
/// <param name="Sequence">Number of the last line.</param>
/// <param name="Hash">Its hash, lower-case hexadecimal.</param>
public readonly record struct LedgerHead(long Sequence, string Hash);

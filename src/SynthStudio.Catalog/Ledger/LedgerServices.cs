using System.Data.Common;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>What every change of the ledger needs.</summary>
/// <param name="Database">The catalog.</param>
/// <param name="Key">The key of the chain and of fingerprints.</param>
/// <param name="Anchor">Remembers what was acknowledged.</param>
/// <param name="Time">The clock; for people only.</param>
internal sealed record LedgerServices(DbDataSource Database, LedgerKey Key, ILedgerAnchor Anchor, TimeProvider Time)
{
    /// <summary>Decides what may follow. Tests plant faults here, to see that they are found.</summary>
    public Func<LedgerState, LedgerEntry, Reservation?, LedgerState> Rules { get; init; } = (state, entry, reservation) => state.After(entry, reservation);

    /// <summary>Called at every moment between which the process may die; tests let it die there.</summary>
    public Action<LedgerStep>? OnStep { get; init; }

    public void Reach(LedgerStep step) => OnStep?.Invoke(step);
}

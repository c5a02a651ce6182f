using System.Data.Common;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// Adds to chains whose ends are remembered, all at once. What was added survives the death of this process, and that of the database or a loss of power
/// from the next <see cref="SyncAsync"/> on, or from the next commit to the same database: none is kept without those before it.
/// </summary>
internal interface IAuditAdder : IDisposable
{
    /// <summary>
    /// Adds lines to the chains that still end where they are remembered to end, one call at a time. A chain that somebody else added to is left as it is,
    /// with none of its lines.
    /// </summary>
    /// <param name="ends">By chain, where it ended and where it ends with its lines.</param>
    /// <param name="lines">The lines of these chains, in their order.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The chains that were added to.</returns>
    Task<IReadOnlyList<string>> AddAsync(
        IReadOnlyDictionary<string, (AuditEnd Was, AuditEnd Is)> ends, IReadOnlyList<NewLine> lines, CancellationToken cancellation);

    /// <summary>Has what was added before the call on the disk when it is done; beside additions, too.</summary>
    /// <param name="written">By chain, an end that was added, which must be there still: a database that died since may have lost it.</param>
    /// <exception cref="IOException">The disk does not take it, or it is lost.</exception>
    /// <exception cref="DbException">The database does not take it.</exception>
    Task SyncAsync(IReadOnlyDictionary<string, AuditEnd> written);
}

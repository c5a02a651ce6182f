using System.Data.Common;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// Writes into audit trails and signs nothing, for who does a few things and leaves, as what sets a database up. A server signs what was
/// written at its start, and within the hour.
/// </summary>
/// <param name="database">The catalog.</param>
/// <param name="time">The clock.</param>
public sealed class AuditNotes(DbDataSource database, TimeProvider time)
{
    /// <summary>Writes an event at the end of a chain; it is durable when the task is done.</summary>
    /// <param name="chain"><c>projects/{project}</c>, or <see cref="AuditTrail.Server"/>.</param>
    /// <param name="what">The event.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="DbException">The database does not take it.</exception>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public async Task AppendAsync(string chain, AuditEvent what, CancellationToken cancellation = default)
    {
        using var writer = new AuditWriter(database, time);
        var written = new Dictionary<string, AuditEnd>(StringComparer.Ordinal);
        await writer.WriteAsync([(chain, what)], written.Add, cancellation);
        await writer.SyncAsync(written);
    }
}

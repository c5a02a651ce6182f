using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace SynthStudio.Catalog;

/// <summary>
/// Opens connections one at a time, and makes each wait for a writer in SQLite itself, which wakes within milliseconds of its commit.
/// </summary>
/// <remarks>
/// One at a time, because of a race in the pool of Microsoft.Data.Sqlite 10: a connection is marked as active a moment before its owner is noted, and
/// whoever finds the pool empty in that moment takes it for one that its owner forgot. Two owners of one handle would share transactions.
/// </remarks>
internal sealed class SqliteConnectionSetup : DbConnectionInterceptor
{
    public static readonly SqliteConnectionSetup Instance = new();

    private const int BusyTimeoutMilliseconds = 10_000;
    private static readonly Lock Opening = new();

    /// <summary>Opens a connection.</summary>
    /// <param name="connection">It.</param>
    /// <param name="open">Its own way to open.</param>
    public static void Open(SqliteConnection connection, Action open)
    {
        lock (Opening) open();
        raw.sqlite3_busy_timeout(connection.Handle, BusyTimeoutMilliseconds);
    }

    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Open((SqliteConnection)connection, connection.Open);
        return InterceptionResult.Suppress();
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ConnectionOpening(connection, eventData, result));
}

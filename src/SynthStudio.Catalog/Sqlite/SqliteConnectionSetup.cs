using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace SynthStudio.Catalog;

/// <summary>Makes each opened connection wait for a writer in SQLite itself, which wakes within milliseconds of its commit.</summary>
internal sealed class SqliteConnectionSetup : DbConnectionInterceptor
{
    public static readonly SqliteConnectionSetup Instance = new();

    private const int BusyTimeoutMilliseconds = 10_000;

    public static void Apply(SqliteConnection connection) => raw.sqlite3_busy_timeout(connection.Handle, BusyTimeoutMilliseconds);

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply((SqliteConnection)connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply((SqliteConnection)connection);
        return Task.CompletedTask;
    }
}

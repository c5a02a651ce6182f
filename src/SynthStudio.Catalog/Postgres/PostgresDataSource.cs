using System.Data.Common;
using Npgsql;

namespace SynthStudio.Catalog;

/// <summary>
/// The process's pool of connections to its PostgreSQL database (<see cref="PostgresDatabase.Open"/>). One that cannot be opened fails with
/// a <see cref="DbException"/>, whatever the reason.
/// </summary>
public sealed class PostgresDataSource : DbDataSource
{
    internal PostgresDataSource(NpgsqlDataSource pool) => Pool = pool;

    public override string ConnectionString => Pool.ConnectionString;

    /// <summary>For Entity Framework, which opens connections by itself (<see cref="PostgresConnectionSetup"/>).</summary>
    internal NpgsqlDataSource Pool { get; }

    protected override DbConnection CreateDbConnection() => Pool.CreateConnection();

    protected override DbConnection OpenDbConnection()
    {
        var connection = CreateDbConnection();
        PostgresConnectionSetup.Open(connection);
        return connection;
    }

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        var connection = CreateDbConnection();
        await PostgresConnectionSetup.OpenAsync(connection, cancellationToken);
        return connection;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Pool.Dispose();
        base.Dispose(disposing);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await Pool.DisposeAsync();
        await base.DisposeAsyncCore();
    }
}

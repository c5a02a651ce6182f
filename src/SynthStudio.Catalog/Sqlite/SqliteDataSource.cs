using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace SynthStudio.Catalog;

/// <summary>
/// Opens connections to a SQLite file that wait for each other instead of failing, so that several processes may use it. The file
/// itself is in WAL mode: readers never wait for the writer. Connections commit with <c>synchronous=FULL</c>, SQLite's default: what
/// was acknowledged survives a power loss.
/// </summary>
public sealed class SqliteDataSource : DbDataSource
{
    /// <param name="connectionString">For example <c>Data Source=catalog.db</c>. Foreign keys are switched on.</param>
    public SqliteDataSource(string connectionString) =>
        ConnectionString = new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = true }.ConnectionString;

    public override string ConnectionString { get; }

    protected override DbConnection CreateDbConnection() => new WaitingConnection(ConnectionString);

    /// <summary>An open connection, as what it is.</summary>
    internal SqliteConnection Open() => (SqliteConnection)OpenConnection();

    /// <summary>Opening a file is no work that is worth a switch of threads.</summary>
    private sealed class WaitingConnection(string connectionString) : SqliteConnection(connectionString)
    {
        public override void Open() => SqliteConnectionSetup.Open(this, base.Open);
    }
}

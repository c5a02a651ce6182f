using Npgsql;

namespace SynthStudio.ClusterTorture;

/// <summary>A PostgreSQL server that is none of the cluster's, with rows of somebody else.</summary>
internal sealed class ForeignDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly NpgsqlConnectionStringBuilder _database;

    private ForeignDatabase(PostgresServer server, string database) => (_server, _database) = (server, new NpgsqlConnectionStringBuilder(database));

    public static async Task<ForeignDatabase> StartAsync()
    {
        var server = await PostgresServer.StartAsync();
        return new ForeignDatabase(server, await server.CreateDatabaseAsync());
    }

    /// <summary>How a transfer reaches it.</summary>
    public PostgresEndpoint Endpoint() => new()
    {
        Host = _database.Host, Port = _database.Port, Database = _database.Database, User = _database.Username, Password = "unasked", Tls = TransportSecurity.None,
    };

    /// <summary>The rows of a table of visits as lines of CSV, in no order; null where it is not there.</summary>
    public async Task<List<string>?> ReadAsync(string table)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand($"SELECT coalesce(ward::text, '') || ',' || coalesce(days::text, '') || ',' || coalesce(code::text, '') FROM {table}");
        try
        {
            await using var rows = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await rows.ReadAsync()) lines.Add(rows.GetString(0));
            return lines;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    /// <summary>All tables of others that are there.</summary>
    public async Task<IReadOnlyList<string>> ListAsync()
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
        await using var rows = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await rows.ReadAsync()) tables.Add(rows.GetString(0));
        return tables;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

using System.Data.Common;
using Npgsql;
using SynthStudio.Catalog;

namespace SynthStudio.LedgerTorture;

/// <summary>An empty database on a PostgreSQL server, whose role may make others beside it.</summary>
/// <param name="connectionString">Connects to it.</param>
internal sealed class PostgresTorture(string connectionString) : ITortureDatabase
{
    private readonly string _name = new NpgsqlConnectionStringBuilder(connectionString).Database!;

    public async Task PrepareAsync()
    {
        await using var database = PostgresDatabase.Open(connectionString);
        await new PostgresMigrator(database).ApplyAsync();
    }

    public DbDataSource Open() => PostgresDatabase.Open(connectionString);

    public Task CopyAsync(string name) => CloneAsync(_name, $"{_name}_{name}");

    public Task PutBackAsync(string name) => CloneAsync($"{_name}_{name}", _name);

    /// <summary>Replaces one database by a copy of another, whoever is connected to either.</summary>
    private async Task CloneAsync(string from, string to)
    {
        NpgsqlConnection.ClearAllPools();
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false };
        await using var server = NpgsqlDataSource.Create(settings);
        await ExecuteAsync($"DROP DATABASE IF EXISTS \"{to}\" WITH (FORCE)");
        await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{from}'");
        await ExecuteAsync($"CREATE DATABASE \"{to}\" TEMPLATE \"{from}\"");

        async Task ExecuteAsync(string statement)
        {
            await using var command = server.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }
    }
}

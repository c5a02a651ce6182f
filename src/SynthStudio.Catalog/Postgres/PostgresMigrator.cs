using System.Data.Common;
using Npgsql;

namespace SynthStudio.Catalog;

/// <summary>
/// Brings a PostgreSQL database to the newest version of its schema, from any earlier one. Forward only, in one transaction, so a crash leaves
/// the old schema or the new. Migrators that run at the same time wait for each other by an advisory lock, and the later ones find nothing to do.
/// </summary>
/// <remarks>Runs as the owner of the schema; the service itself needs less (<see cref="PostgresRoles"/>) and never migrates.</remarks>
public sealed class PostgresMigrator
{
    /// <summary>"SYNTHMIG": any number that nobody else in the database uses.</summary>
    private const long LockId = 0x53594E54484D4947;

    private const string Prepare = $"""
        CREATE SCHEMA IF NOT EXISTS {PostgresDatabase.Schema};
        CREATE TABLE IF NOT EXISTS {PostgresDatabase.Schema}.schema_migrations (
            component text NOT NULL,
            version integer NOT NULL,
            applied_time timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (component, version)
        );
        """;

    private readonly PostgresDataSource _database;
    private readonly IReadOnlyList<PostgresMigration> _migrations;

    /// <param name="database">Connects as the schema's owner to be, or is (<see cref="PostgresDatabase.Open"/>).</param>
    public PostgresMigrator(PostgresDataSource database)
        : this(database, PostgresMigration.All)
    {
    }

    internal PostgresMigrator(PostgresDataSource database, IReadOnlyList<PostgresMigration> migrations) =>
        (_database, _migrations) = (database, migrations);

    /// <summary>What is missing, oldest first; changes nothing.</summary>
    /// <exception cref="CatalogSchemaException">A newer program migrated the database.</exception>
    public async Task<IReadOnlyList<string>> ListMissingAsync(CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        return [.. (await MissingAsync(connection, cancellation)).Select(m => m.ToString())];
    }

    /// <summary>Applies what is missing and answers what that was. The second time, nothing.</summary>
    /// <exception cref="CatalogSchemaException">A newer program migrated the database.</exception>
    /// <exception cref="PostgresException">A statement failed; nothing was changed.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Command("SELECT pg_advisory_xact_lock(@id)", ("@id", LockId)).ExecuteAsync(cancellation);
        var missing = await MissingAsync(connection, cancellation);
        if (missing.Count == 0) return [];

        await ExecuteAsync(connection, Prepare, cancellation);
        foreach (var migration in missing)
        {
            await ExecuteAsync(connection, migration.Text, cancellation);
            await connection.Command(
                "INSERT INTO schema_migrations (component, version) VALUES (@component, @version)",
                ("@component", migration.Component), ("@version", migration.Version)).ExecuteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return [.. missing.Select(m => m.ToString())];
    }

    /// <summary>Makes sure that the database has this program's schema, neither an older nor a newer one.</summary>
    /// <exception cref="CatalogSchemaException">It has not; the message says what to do.</exception>
    public async Task CheckAsync(CancellationToken cancellation = default)
    {
        var missing = await ListMissingAsync(cancellation);
        if (missing.Count > 0)
        {
            throw new CatalogSchemaException(
                $"The database lacks {string.Join(", ", missing)} of this program's schema. Run \"synth migrate\" with the same connection, as the schema's owner.");
        }
    }

    private async Task<List<PostgresMigration>> MissingAsync(DbConnection connection, CancellationToken cancellation)
    {
        var exists = await connection.Command($"SELECT to_regclass('{PostgresDatabase.Schema}.schema_migrations') IS NOT NULL")
            .ReadAsync(row => row.GetBoolean(0), cancellation);
        if (!exists[0]) return [.. _migrations];

        var applied = (await connection.Command("SELECT component, version FROM schema_migrations")
            .ReadAsync(row => (Component: row.GetString(0), Version: row.GetInt32(1)), cancellation)).ToHashSet();
        if (applied.Except(_migrations.Select(m => (m.Component, m.Version))).ToList() is [var newer, ..])
        {
            throw new CatalogSchemaException(
                $"The database's schema is newer than this program: it has {newer.Component} {newer.Version}. Use the program that migrated it, or a newer one.");
        }

        return [.. _migrations.Where(m => !applied.Contains((m.Component, m.Version)))];
    }

    /// <summary>A script, whose holes are not ours: Orleans' statements have their own parameters.</summary>
    private static async Task ExecuteAsync(DbConnection connection, string script, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = script;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

using System.Data.Common;
using Npgsql;

namespace SynthStudio.Catalog;

/// <summary>
/// What the database's users may do. The migrator owns the schema. The service reads and writes rows and can change no table; of the lines
/// of privacy ledger and audit trail it can change and remove none. The reader, for support and reports, sees no secrets: no keys, no
/// accounts of people, no answers to clients, no addresses of webhooks and of other databases, no grains.
/// </summary>
public static class PostgresRoles
{
    private const string Secret =
        "accounts, recovery_codes, sessions, mail_tokens, invitations, attempts, external_identities, provider_flows, api_keys, signing_keys, project_keys, request_ids, grain_states, "
        + "reminders, privacy_fingerprints, webhooks, webhook_deliveries, connections, transfers";

    /// <summary>Grants the service's and the reader's rights to roles that exist. May be repeated, and must be after each migration.</summary>
    /// <param name="database">Connects as the schema's owner.</param>
    /// <param name="service">The role that silos and API replicas connect as; null grants nothing.</param>
    /// <param name="reader">The role that only reads; null grants nothing.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="PostgresException">A role does not exist; nothing was granted.</exception>
    public static async Task GrantAsync(PostgresDataSource database, string? service, string? reader, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (service is not null)
        {
            await ExecuteAsync(connection, $"""
                GRANT USAGE ON SCHEMA {PostgresDatabase.Schema} TO {Quote(service)};
                GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {PostgresDatabase.Schema} TO {Quote(service)};
                REVOKE INSERT, UPDATE, DELETE ON schema_migrations, OrleansQuery FROM {Quote(service)};
                REVOKE UPDATE, DELETE ON privacy_entries, audit_entries FROM {Quote(service)};
                """, cancellation);
        }

        if (reader is not null)
        {
            await ExecuteAsync(connection, $"""
                GRANT USAGE ON SCHEMA {PostgresDatabase.Schema} TO {Quote(reader)};
                GRANT SELECT ON ALL TABLES IN SCHEMA {PostgresDatabase.Schema} TO {Quote(reader)};
                REVOKE SELECT ON {Secret} FROM {Quote(reader)};
                """, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static string Quote(string role) => $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task ExecuteAsync(DbConnection connection, string statements, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = statements;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

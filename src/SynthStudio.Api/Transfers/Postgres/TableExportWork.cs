using Npgsql;
using SynthStudio.Api.Formats;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Transfers.Postgres;

/// <summary>
/// Gives rows to a new table, in one transaction: all of them or none. The table bears a comment that names the transfer, so that who takes over after a
/// commit whose answer was lost knows that it is done.
/// </summary>
internal sealed class TableExportWork(ExportSources sources, ForeignPlaces places) : ITransferWork
{
    private const int PieceBytes = 1 << 20;

    public bool Does(TransferSpec spec) => spec.Table is not null;

    public async Task RunAsync(TransferRecord transfer, string secret, TransferProgress progress, CancellationToken cancellation)
    {
        var export = transfer.Spec.Table!;
        if (transfer.Attempt > 1 && await WasDoneAsync(transfer, secret, progress, cancellation)) return; // No rows are read for nothing.
        await sources.ReadAsync(transfer, export.Source, export.TextColumns, rows => SendAsync(transfer, secret, rows, progress, cancellation), cancellation);
    }

    /// <summary>Whether an earlier attempt committed, and nobody heard of it.</summary>
    private async Task<bool> WasDoneAsync(TransferRecord transfer, string secret, TransferProgress progress, CancellationToken cancellation)
    {
        var address = transfer.Endpoint.Postgres!;
        await using var database = await places.OpenAsync(address, secret, cancellation);
        try
        {
            return await IsDoneAsync(database.Connection, transfer, TableOf(transfer), progress, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw PostgresErrors.Of(e, address);
        }
    }

    private async Task SendAsync(TransferRecord transfer, string secret, StoredRows rows, TransferProgress progress, CancellationToken cancellation)
    {
        var (export, address) = (transfer.Spec.Table!, transfer.Endpoint.Postgres!);
        await using var database = await places.OpenAsync(address, secret, cancellation);
        var connection = database.Connection;
        var table = TableOf(transfer);
        NpgsqlTransaction transaction;
        try
        {
            if (await IsDoneAsync(connection, transfer, table, progress, cancellation)) return;
            transaction = await connection.BeginTransactionAsync(cancellation);
            if (export.Overwrite) await DropOwnAsync(connection, transfer, table, cancellation);
            var definitions = rows.Columns.Select(column => $"{Quote(column.Name)} {PostgresTypes.Of(column.Type)}");
            await ExecuteAsync(connection, $"CREATE TABLE {table} ({string.Join(", ", definitions)})", cancellation);
            await CopyAsync(connection, table, rows, progress, cancellation);
            await ExecuteAsync(connection, $"COMMENT ON TABLE {table} IS '{Mark(transfer)}'", cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateTable)
        {
            throw new TransferException(TransferReasons.TableExists, $"There is a table {export.Schema}.{export.Table} already: name another, or ask for it to be replaced (overwrite), which is done where an export of this project made it.", export.Table, e);
        }
        catch (PostgresException e) when (ColumnOf(e) is { } column)
        {
            throw new TransferException(TransferReasons.ValueNotOfType, $"A value of the column {column} is none of its type in the database: export it as text (text_columns).", column, e);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw PostgresErrors.Of(e, address);
        }

        await using (transaction)
        {
            try
            {
                await transaction.CommitAsync(cancellation);
            }
            catch (NpgsqlException e) when (e is not PostgresException)
            {
                throw new TransferInterruptedException(e); // Perhaps it is done: the next attempt sees it by the comment.
            }
        }
    }

    /// <summary>
    /// Drops what is to be replaced, if an export of the same project made it: who asks may have less rights in that database than the connection's user,
    /// to whom all of its tables may belong.
    /// </summary>
    /// <exception cref="TransferException">It is another table, a view or something else.</exception>
    private static async Task DropOwnAsync(NpgsqlConnection connection, TransferRecord transfer, string table, CancellationToken cancellation)
    {
        if (await FindOwnerAsync() is not { } found) return;
        if (found)
        {
            await ExecuteAsync(connection, $"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", cancellation);
            found = await FindOwnerAsync() ?? false; // From here on nobody puts another one in its place.
        }

        var export = transfer.Spec.Table!;
        if (!found)
        {
            throw new TransferException(
                TransferReasons.TableExists,
                $"What {export.Schema}.{export.Table} is now was made by no export of {transfer.Project}, and only those are replaced: name another table, or have this one removed in the database.",
                export.Table);
        }

        await ExecuteAsync(connection, $"DROP TABLE {table}", cancellation);

        async Task<bool?> FindOwnerAsync() // Null for nothing of this name.
        {
            await using var query = new NpgsqlCommand(
                "SELECT c.relkind = 'r' AND left(coalesce(obj_description(c.oid, 'pg_class'), ''), length($2)) = $2 FROM pg_class c WHERE c.oid = to_regclass($1)", connection)
            {
                Parameters = { new NpgsqlParameter { Value = table }, new NpgsqlParameter { Value = MarkOfProject(transfer) } },
            };
            return (bool?)await query.ExecuteScalarAsync(cancellation);
        }
    }

    /// <summary>A transaction that did not end left nothing.</summary>
    public Task CleanUpAsync(TransferRecord transfer, CancellationToken cancellation) => Task.CompletedTask;

    private static async Task CopyAsync(NpgsqlConnection connection, string table, StoredRows rows, TransferProgress progress, CancellationToken cancellation)
    {
        var counter = new CsvRowCounter();
        await using var content = rows.Open();
        var lone = rows.Columns is [var only] ? $", FORCE_NULL ({Quote(only.Name)})" : ""; // The only cell of a row is missing also where it is in quotes.
        await using var copy = await connection.BeginTextImportAsync($"COPY {table} FROM STDIN (FORMAT csv, HEADER true{lone})", cancellation);
        var (piece, isFirst) = (new byte[PieceBytes], true);
        while (await content.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellation) is > 0 and var read)
        {
            await copy.BaseStream.WriteAsync(piece.AsMemory(0, read), cancellation);
            progress.Add(counter.Count(piece.AsSpan(0, read)) - (isFirst ? 1 : 0), read); // The header is a line, too.
            isFirst = false;
        }
    }

    /// <summary>Whether the table is this transfer's; its rows are counted then.</summary>
    private static async Task<bool> IsDoneAsync(
        NpgsqlConnection connection, TransferRecord transfer, string table, TransferProgress progress, CancellationToken cancellation)
    {
        await using var mark = new NpgsqlCommand("SELECT obj_description(to_regclass($1), 'pg_class')", connection) { Parameters = { new NpgsqlParameter { Value = table } } };
        if (await mark.ExecuteScalarAsync(cancellation) as string != Mark(transfer)) return false;
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        progress.Add((long)(await count.ExecuteScalarAsync(cancellation))!, 0);
        return true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(statement) } };
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The column at whose value a COPY broke off; null when it did so for another reason.</summary>
    private static string? ColumnOf(PostgresException e)
    {
        const string mark = ", column ";
        if (e.SqlState is not ['2', '2', ..] || e.Where?.IndexOf(mark, StringComparison.Ordinal) is not (>= 0 and var at)) return null;
        var rest = e.Where[(at + mark.Length)..];
        return rest.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? rest[..end] : rest;
    }

    /// <summary>Names of projects and transfers are letters, digits and hyphens.</summary>
    private static string Mark(TransferRecord transfer) => $"SynthStudio {transfer.Name}";

    private static string MarkOfProject(TransferRecord transfer) => $"SynthStudio {transfer.Project}/transfers/";

    private static string TableOf(TransferRecord transfer) => $"{Quote(transfer.Spec.Table!.Schema)}.{Quote(transfer.Spec.Table.Table)}";

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

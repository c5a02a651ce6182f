using System.Data;
using System.Globalization;
using Npgsql;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Transfers.Postgres;

/// <summary>
/// Has a database send what a query gives as CSV, and gives that to a data set as it comes. The query is one SELECT: the
/// database itself takes it apart, as what a cursor is declared for, which nothing else can be, before it stands within a
/// COPY; and the transaction only reads.
/// </summary>
internal sealed class QueryImportWork(ImportSinks sinks, ForeignPlaces places) : ITransferWork
{
    private const string Declaration = "DECLARE synthstudio_import NO SCROLL CURSOR FOR ";
    private const int PieceBytes = 1 << 20;

    private static readonly char[] Ends = [';', ' ', '\t', '\r', '\n'];

    public bool Does(TransferSpec spec) => spec.Query is not null;

    public async Task RunAsync(TransferRecord transfer, string secret, TransferProgress progress, CancellationToken cancellation)
    {
        var (import, address) = (transfer.Spec.Query!, transfer.Endpoint.Postgres!);
        if (await sinks.BeginAsync(import.Upload, import.Dataset, sha256: null, progress, cancellation) is not { } sink)
        {
            await sinks.RecountAsync(import.Dataset, new CsvRowCounter(), progress, cancellation);
            return;
        }

        await using var database = await places.OpenAsync(address, secret, cancellation);
        try
        {
            await using var transaction = await database.Connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            await PrepareAsync(database.Connection, import, cancellation);
            var query = import.Query.TrimEnd(Ends);
            await CheckAsync(database.Connection, query, cancellation);
            await CopyAsync(database.Connection, query, import.MaxRows, sink, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw PostgresErrors.Of(e, address, Declaration.Length);
        }

        await sink.CompleteAsync(cancellation);
    }

    public Task CleanUpAsync(TransferRecord transfer, CancellationToken cancellation) => sinks.AbandonAsync(transfer.Spec.Query!.Upload, cancellation);

    /// <summary>Nothing is changed from here on, and values are spelled in one way wherever the database stands.</summary>
    private static async Task PrepareAsync(NpgsqlConnection connection, QueryImport import, CancellationToken cancellation)
    {
        var timeout = ((long)Math.Ceiling(import.StatementSeconds * 1000)).ToString(CultureInfo.InvariantCulture);
        await using var command = new NpgsqlCommand(
            $"""
            SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {timeout}; SET LOCAL standard_conforming_strings = on; SET LOCAL datestyle = 'ISO, YMD';
            SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1
            """, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Has the database read the query as one SELECT, and looks at its columns.</summary>
    private static async Task CheckAsync(NpgsqlConnection connection, string query, CancellationToken cancellation)
    {
        await using (var declare = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(Declaration + query) } })
        {
            try
            {
                await declare.ExecuteNonQueryAsync(cancellation); // One statement: the protocol takes no second one here.
            }
            catch (NotSupportedException e)
            {
                throw new TransferException(TransferReasons.QueryInvalid, "An import takes one SELECT, not several statements.", inner: e);
            }
        }

        List<(string Name, uint Type)> columns;
        await using (var fetch = new NpgsqlCommand("FETCH 0 FROM synthstudio_import", connection))
        {
            await using var reader = await fetch.ExecuteReaderAsync(cancellation);
            columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => (reader.GetName(i), reader.GetDataTypeOID(i)))];
        }

        if (columns.Count == 0) throw new TransferException(TransferReasons.NoColumns, "The query gives no columns.");
        if (columns.GroupBy(column => column.Name).FirstOrDefault(alike => alike.Count() > 1) is { Key: var name })
            throw new TransferException(TransferReasons.ColumnsAlike, $"The query gives two columns {name}: name them apart (AS).", name);
        await ColumnTypes.CheckAsync(connection, columns, cancellation);
        await using var close = new NpgsqlCommand("CLOSE synthstudio_import", connection);
        await close.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string query, long maxRows, ImportSink sink, CancellationToken cancellation)
    {
        // The line end closes a comment that the query may end with.
        using var copy = await connection.BeginTextExportAsync($"COPY ({query}\n) TO STDOUT (FORMAT csv, HEADER true)", cancellation);
        try
        {
            await MoveAsync(copy.BaseStream, maxRows, sink, cancellation);
        }
        catch (Exception e) when (e is not (NpgsqlException or OperationCanceledException))
        {
            await copy.CancelAsync(); // Else all that the query still gives would be read to be thrown away.
            throw;
        }
    }

    private static async Task MoveAsync(Stream copy, long maxRows, ImportSink sink, CancellationToken cancellation)
    {
        var counter = new CsvRowCounter();
        var rows = -1L; // The header is a row, too.
        var (piece, filled) = (new byte[PieceBytes], 0);
        while (true)
        {
            var read = await copy.ReadAsync(piece.AsMemory(filled), cancellation);
            filled += read;
            if (read > 0 && filled < piece.Length) continue;
            var ended = counter.Count(piece.AsSpan(0, filled));
            rows += ended;
            if (rows > maxRows)
                throw new TransferException(TransferReasons.TooManyRows, $"The query gives more than {maxRows} rows, the most that the import may have. Ask for fewer (LIMIT), or allow more (max_rows).");

            if (filled > 0) await sink.AppendAsync(piece.AsMemory(0, filled), rows == ended - 1 ? rows : ended, cancellation);
            filled = 0;
            if (read == 0) return;
        }
    }
}

using System.Globalization;
using DuckDB.NET.Native;

namespace SynthStudio.Tabular;

/// <summary>A private in-memory DuckDB with bounded memory and threads. Used through its C interface: results come as vectors, without boxing.</summary>
internal sealed class DuckSession : IDisposable
{
    private readonly DuckDBDatabase database;
    private readonly DuckDBNativeConnection connection;

    public DuckSession(ReadOptions options, string temporaryFolder)
    {
        NativeMethods.Configuration.DuckDBCreateConfig(out var config);
        using (config)
        {
            Set(config, "threads", options.Threads.ToString(CultureInfo.InvariantCulture));
            Set(config, "memory_limit", string.Create(CultureInfo.InvariantCulture, $"{options.MemoryLimit / 1024}KiB"));
            Set(config, "temp_directory", temporaryFolder);
            Set(config, "autoinstall_known_extensions", "false");
            Set(config, "autoload_known_extensions", "false");
            if (NativeMethods.Startup.DuckDBOpen(":memory:", out database, config, out var error) != DuckDBState.Success)
            {
                throw new DuckException(error);
            }
        }

        if (NativeMethods.Startup.DuckDBConnect(database, out connection) != DuckDBState.Success)
        {
            database.Dispose();
            throw new DuckException("no connection");
        }
    }

    /// <summary>A text as an SQL literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A name as an SQL identifier.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Runs a statement for its effect.</summary>
    /// <exception cref="DuckException">It failed.</exception>
    public void Execute(string sql, CancellationToken cancellation)
    {
        foreach (var chunk in Query(sql, cancellation))
        {
            chunk.Dispose();
        }
    }

    /// <summary>Runs a query whose columns are all of type VARCHAR; each chunk is valid until it is disposed.</summary>
    /// <exception cref="DuckException">It failed, at once or while it ran.</exception>
    public IEnumerable<TextChunk> Query(string sql, CancellationToken cancellation)
    {
        using var interrupt = cancellation.Register(() => NativeMethods.Startup.DuckDBInterrupt(connection));
        using var statement = Prepare(sql, cancellation);
        var result = default(DuckDBResult);
        try
        {
            if (NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement, out result) != DuckDBState.Success)
            {
                throw Failure(NativeMethods.Query.DuckDBResultError(ref result), cancellation);
            }

            while (Fetch(ref result, cancellation) is { } chunk)
            {
                yield return chunk;
            }
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    /// <summary>The texts of a small result, row by row.</summary>
    public List<string?[]> Rows(string sql, CancellationToken cancellation)
    {
        var rows = new List<string?[]>();
        foreach (var chunk in Query(sql, cancellation))
        {
            using var taken = chunk;
            for (var row = 0; row < chunk.Rows; row++)
            {
                var texts = new string?[chunk.Columns];
                for (var column = 0; column < texts.Length; column++)
                {
                    var vector = chunk.Column(column);
                    texts[column] = vector.IsNull(row) ? null : System.Text.Encoding.UTF8.GetString(vector.Bytes(row));
                }

                rows.Add(texts);
            }
        }

        return rows;
    }

    public void Dispose()
    {
        connection.Dispose();
        database.Dispose();
    }

    private DuckDBPreparedStatement Prepare(string sql, CancellationToken cancellation)
    {
        if (NativeMethods.PreparedStatements.DuckDBPrepare(connection, sql, out var statement) == DuckDBState.Success)
        {
            return statement;
        }

        using (statement)
        {
            throw Failure(NativeMethods.PreparedStatements.DuckDBPrepareError(statement), cancellation);
        }
    }

    /// <summary>The next rows of a result; null after the last.</summary>
    private static TextChunk? Fetch(ref DuckDBResult result, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var chunk = NativeMethods.StreamingResult.DuckDBStreamFetchChunk(result);
        var rows = chunk.IsInvalid ? 0 : (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
        if (rows > 0)
        {
            return new TextChunk(chunk, rows);
        }

        chunk.Dispose();
        var error = NativeMethods.Query.DuckDBResultError(ref result);
        if (!string.IsNullOrEmpty(error))
        {
            throw Failure(error, cancellation);
        }

        return null;
    }

    private static void Set(DuckDBConfig config, string name, string value)
    {
        if (NativeMethods.Configuration.DuckDBSetConfig(config, name, value) != DuckDBState.Success)
        {
            throw new DuckException($"The setting {name} was refused.");
        }
    }

    private static Exception Failure(string? message, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested ? new OperationCanceledException(cancellation) : new DuckException(message ?? "unknown failure");
}

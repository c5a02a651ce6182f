using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>
/// Hand-written statements over ADO.NET: for what must be conditional, fast, or ready before anything else. Parameters and row values are
/// written as both SQLite and PostgreSQL read them; where the two differ, statements have holes (<see cref="SqlDialect"/>).
/// </summary>
internal static class Sql
{
    public static DbCommand Command(this DbConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = SqlDialect.Of(connection).Translate(text);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value switch
            {
                null => DBNull.Value,
                DateTimeOffset time => Microseconds.From(time),
                Enum constant => constant.ToString(),
                _ => value,
            };
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static async Task<int> ExecuteAsync(this DbCommand command, CancellationToken cancellation)
    {
        await using (command) return await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<List<T>> ReadAsync<T>(this DbCommand command, Func<DbDataReader, T> map, CancellationToken cancellation)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellation)) rows.Add(map(reader));
            return rows;
        }
    }

    /// <summary>One statement on a connection of its own; answers the number of rows it changed.</summary>
    public static async Task<int> ExecuteAsync(
        this DbDataSource database, string text, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(text, parameters).ExecuteAsync(cancellation);
    }

    /// <summary>One query on a connection of its own.</summary>
    public static async Task<List<T>> ReadAsync<T>(
        this DbDataSource database, string text, Func<DbDataReader, T> map, CancellationToken cancellation,
        params (string Name, object? Value)[] parameters)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(text, parameters).ReadAsync(map, cancellation);
    }

    /// <summary>One page of a query that ends in <see cref="PageClause"/>.</summary>
    public static async Task<Page<T>> ReadPageAsync<T>(
        this DbDataSource database, string text, Func<DbDataReader, T> map, PageRequest page, CancellationToken cancellation,
        params (string Name, object? Value)[] parameters)
        where T : IListedRecord
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(page.Size);
        var items = await database.ReadAsync(
            text, map, cancellation,
            [
                .. parameters, ("@limit", page.Size + 1), ("@afterName", page.After?.Name ?? ""),
                ("@afterTime", page.After is { } after ? Microseconds.From(after.CreateTime) : long.MaxValue),
            ]);
        return Page.Of(items, page.Size);
    }

    /// <summary>Newest first, after the last entry seen.</summary>
    public const string PageClause = "(create_time, name) < (@afterTime, @afterName) ORDER BY create_time DESC, name DESC LIMIT @limit";

    public static DateTimeOffset GetTime(this DbDataReader row, int column) => Microseconds.ToTime(row.GetInt64(column));

    public static DateTimeOffset? FindTime(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetTime(column);

    public static T GetEnum<T>(this DbDataReader row, int column) where T : struct, Enum => Enum.Parse<T>(row.GetString(column));
}

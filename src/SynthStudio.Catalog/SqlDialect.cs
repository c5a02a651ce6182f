using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace SynthStudio.Catalog;

/// <summary>What the hand-written statements say differently in each database. All the rest is written so that both read it.</summary>
internal sealed class SqlDialect
{
    /// <summary>Stands in a statement for the database's clock in microseconds since 1970, at the moment it is asked.</summary>
    public const string Now = "{now}";

    /// <summary>Ends a query whose rows nobody else may change until the transaction ends.</summary>
    public const string ForUpdate = "{for update}";

    /// <summary>Ends a query whose rows nobody may change, or hold by <see cref="ForUpdate"/>, until the transaction ends; others may hold them so too.</summary>
    public const string ForShare = "{for share}";

    /// <summary>The same, but without the rows that somebody else has at this moment.</summary>
    public const string ForUpdateOfFree = "{for update of free}";

    /// <summary>A writing transaction has the whole file to itself.</summary>
    private static readonly SqlDialect Sqlite = new()
    {
        Clock = "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
        RowLock = "",
        SharedRowLock = "",
        FreeRowLock = "",
        ObjectKeys = (table, column) => $"SELECT atom FROM {table}, json_tree({column}) WHERE atom LIKE 'sha256/%'",
        WrittenNumber = (column, property) => $"nullif(CAST(substr({column}, instr({column}, '\"{property}\":') + {property.Length + 3}) AS INTEGER), 0)",
        Holds = (column, bytes) => $"instr({column}, {bytes}) > 0",
    };

    /// <summary>Keys are found in the text: as JSON, one escaped zero character in somebody's message would fail the whole query.</summary>
    private static readonly SqlDialect Postgres = new()
    {
        Clock = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
        RowLock = "FOR UPDATE",
        SharedRowLock = "FOR SHARE",
        FreeRowLock = "FOR UPDATE SKIP LOCKED",
        ObjectKeys = (table, column) => $"""SELECT (regexp_matches({column}, '"(sha256/[0-9a-f/]+)"', 'g'))[1] FROM {table}""",
        WrittenNumber = (column, property) => $"""CAST(substring({column} FROM '"{property}":([0-9]+)') AS numeric)""",
        Holds = (column, bytes) => $"position({bytes} IN {column}) > 0",
    };

    /// <summary>A query for the keys of objects anywhere in a column of a table, as its one column.</summary>
    public required Func<string, string, string> ObjectKeys { get; init; }

    /// <summary>The positive number behind a property's name in a column's text, be that JSON or not; null for none.</summary>
    public required Func<string, string, string> WrittenNumber { get; init; }

    /// <summary>Whether the text in a column holds another text, or the bytes in one other bytes.</summary>
    public required Func<string, string, string> Holds { get; init; }

    private string Clock { get; init; } = "";

    private string RowLock { get; init; } = "";

    private string SharedRowLock { get; init; } = "";

    private string FreeRowLock { get; init; } = "";

    public static SqlDialect Of(DbDataSource database) => database is SqliteDataSource ? Sqlite : Postgres;

    public static SqlDialect Of(DbConnection connection) => connection is SqliteConnection ? Sqlite : Postgres;

    /// <summary>The statement as the database reads it.</summary>
    public string Translate(string statement) => statement.Contains('{', StringComparison.Ordinal)
        ? statement.Replace(Now, Clock, StringComparison.Ordinal).Replace(ForUpdate, RowLock, StringComparison.Ordinal)
            .Replace(ForShare, SharedRowLock, StringComparison.Ordinal).Replace(ForUpdateOfFree, FreeRowLock, StringComparison.Ordinal)
        : statement;
}

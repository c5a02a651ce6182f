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
        JsonText = (column, property) => $"json_extract({column}, '$.{property}')",
        Holds = (column, bytes) => $"instr({column}, {bytes}) > 0",
    };

    /// <summary>
    /// One escaped zero character, which texts of this database cannot hold, fails the whole query that reads it as JSON: keys are found in the text, and properties where it stands for another control character.
    /// </summary>
    private static readonly SqlDialect Postgres = new()
    {
        Clock = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
        RowLock = "FOR UPDATE",
        SharedRowLock = "FOR SHARE",
        FreeRowLock = "FOR UPDATE SKIP LOCKED",
        ObjectKeys = (table, column) => $"""SELECT (regexp_matches({column}, '"(sha256/[0-9a-f/]+)"', 'g'))[1] FROM {table}""",
        JsonText = (column, property) => $"""(CAST(replace({column}, '\u0000', '\u0001') AS json) ->> '{property}')""",
        Holds = (column, bytes) => $"position({bytes} IN {column}) > 0",
    };

    /// <summary>A query for the keys of objects anywhere in a column of a table, as its one column.</summary>
    public required Func<string, string, string> ObjectKeys { get; init; }

    /// <summary>A property of the JSON object in a column, as text.</summary>
    public required Func<string, string, string> JsonText { get; init; }

    /// <summary>Whether the bytes in a column hold other bytes.</summary>
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

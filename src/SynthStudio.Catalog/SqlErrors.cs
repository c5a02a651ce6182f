using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace SynthStudio.Catalog;

internal static class SqlErrors
{
    private const int SqlitePrimaryKey = 1555;
    private const int SqliteUnique = 2067;
    private const string UniqueViolation = "23505";
    private const string SerializationFailure = "40001";
    private const string DeadlockDetected = "40P01";

    /// <summary>Whether a statement failed because a key is taken.</summary>
    public static bool IsUniqueViolation(DbException error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqlitePrimaryKey or SqliteUnique,
        _ => error.SqlState == UniqueViolation,
    };

    /// <summary>
    /// Whether the transaction was undone because another one, at the same time, was first: nothing of it happened, and it may be tried again.
    /// </summary>
    public static bool IsOvertaken(DbException error) => error.SqlState is SerializationFailure or DeadlockDetected;
}

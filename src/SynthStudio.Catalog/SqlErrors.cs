using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace SynthStudio.Catalog;

internal static class SqlErrors
{
    private const int SqlitePrimaryKey = 1555;
    private const int SqliteUnique = 2067;

    /// <summary>Whether a statement failed because a key is taken.</summary>
    public static bool IsUniqueViolation(DbException error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqlitePrimaryKey or SqliteUnique,
        _ => error.SqlState == "23505",
    };
}

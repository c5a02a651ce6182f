using System.Data.Common;
using Npgsql;

namespace SynthStudio.Catalog;

/// <summary>Tells the database's absence from its answers.</summary>
public static class DatabaseOutage
{
    /// <summary>
    /// Whether it did not answer, broke off, or says that it cannot serve now, so that the same may succeed later; also where something
    /// else threw that in other words.
    /// </summary>
    public static bool Is(Exception? e) => e switch
    {
        null => false,
        DbException { IsTransient: true } => true,
        PostgresException answer => answer.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction, // Another one takes its place.
        NpgsqlOperationInProgressException => false,
        NpgsqlException => true, // No answer: what came instead of one, or how the connection ended, has no name.
        _ => Is(e.InnerException),
    };
}

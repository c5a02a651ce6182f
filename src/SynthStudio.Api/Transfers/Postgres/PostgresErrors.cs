using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Transfers.Postgres;

/// <summary>From what a database of somebody else answers to what its user can do. What it says of values is kept back.</summary>
internal static class PostgresErrors
{
    /// <summary>The failure in words; what is no failure of the database stays as it is.</summary>
    /// <param name="e">What was caught.</param>
    /// <param name="address">The database.</param>
    /// <param name="prefix">Characters of the statement before the user's query.</param>
    public static Exception Of(Exception e, PostgresAddress address, int prefix = 0)
    {
        var where = $"{address.Host}:{address.Port}";
        return e switch
        {
            TransferException => e,
            PostgresException answer => Of(answer, address, where, prefix),
            NpgsqlException { InnerException: AuthenticationException } => new TransferException(
                TransferReasons.TlsFailed, $"{where} has no certificate that the server trusts, or one of another name. Use the host's name in it, or have the operator allow unverified connections.", inner: e),
            NpgsqlException when e.Message.Contains("SSL", StringComparison.Ordinal) => new TransferException(
                TransferReasons.TlsFailed, $"{where} speaks no TLS. Switch it on there, or have the operator allow connections without.", inner: e),
            NpgsqlException { InnerException: SocketException or TimeoutException }
                or NpgsqlException { InnerException: EndOfStreamException or IOException }
                or TimeoutException => new TransferException(
                TransferReasons.Unreachable, $"{where} does not answer: check host and port, and that its firewall lets this server in.", inner: e),
            NpgsqlException => new TransferException(TransferReasons.LoginRefused, $"{where} lets {address.User} in by no way that is used here: a password (SCRAM or MD5).", inner: e),
            _ => e,
        };
    }

    private static TransferException Of(PostgresException e, PostgresAddress address, string where, int prefix) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(
            TransferReasons.LoginRefused, $"{where} does not let {address.User} in: check user and password, and its pg_hba.conf.", inner: e),
        PostgresErrorCodes.InvalidCatalogName => new(TransferReasons.DatabaseUnknown, $"{where} has no database {address.Database}.", address.Database, e),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => new(TransferReasons.RelationMissing, $"The database says: {e.MessageText}. Check its name, its schema, and the search path of {address.User}.", inner: e),
        PostgresErrorCodes.UndefinedColumn => new(TransferReasons.ColumnMissing, $"The database says: {e.MessageText}.", inner: e),
        PostgresErrorCodes.InsufficientPrivilege => new(TransferReasons.NotPermitted, $"The database says: {e.MessageText}. Grant {address.User} what it needs.", inner: e),
        PostgresErrorCodes.ReadOnlySqlTransaction => new(TransferReasons.QueryInvalid, "The query would change something; an import only reads.", inner: e),
        PostgresErrorCodes.QueryCanceled => new(TransferReasons.QueryTooSlow, "The database took longer for the query than it may: allow more (statement_timeout), or ask for less.", inner: e),
        PostgresErrorCodes.TooManyConnections => new(TransferReasons.Unreachable, $"{where} takes no further connections. Try again later.", inner: e),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => new(
            TransferReasons.Unreachable, $"{where} shuts down or starts up. Try again later.", inner: e),
        // These are of what was asked, not of what is stored: their texts hold no values of rows.
        ['4', '2', ..] or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.ActiveSqlTransaction
            or PostgresErrorCodes.ProtocolViolation => new(
            TransferReasons.QueryInvalid,
            $"The database says: {e.MessageText}{(e.Position > prefix ? $" (near character {e.Position - prefix})" : "")}. An import takes one SELECT.",
            inner: e),
        _ => new(TransferReasons.QueryFailed, $"The database broke the query off with SQLSTATE {e.SqlState}; what it said may hold values and is not repeated. Run the query there to see it.", inner: e),
    };
}

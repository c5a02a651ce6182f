using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace SynthStudio.Catalog;

/// <summary>Opens connections, which fail as a database does that is away: with a transient <see cref="DbException"/>.</summary>
/// <remarks>
/// Npgsql 10 lets through as it is what the search for the host's address fails with: a <see cref="SocketException"/> when the name is not found for a moment, a
/// <see cref="TimeoutException"/> when nobody answers in time. Nobody who waits for a database to come back would take these for one that is away.
/// </remarks>
internal sealed class PostgresConnectionSetup : DbConnectionInterceptor
{
    public static readonly PostgresConnectionSetup Instance = new();

    /// <exception cref="NpgsqlException">It cannot be opened.</exception>
    public static void Open(DbConnection connection)
    {
        try
        {
            connection.Open();
        }
        catch (Exception e) when (IsOfHost(e))
        {
            throw HostNotFound(e);
        }
    }

    /// <exception cref="NpgsqlException">It cannot be opened.</exception>
    public static async Task OpenAsync(DbConnection connection, CancellationToken cancellation)
    {
        try
        {
            await connection.OpenAsync(cancellation);
        }
        catch (Exception e) when (IsOfHost(e))
        {
            throw HostNotFound(e);
        }
    }

    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Open(connection);
        return InterceptionResult.Suppress();
    }

    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await OpenAsync(connection, cancellationToken);
        return InterceptionResult.Suppress();
    }

    private static bool IsOfHost(Exception e) => e is SocketException or TimeoutException;

    private static NpgsqlException HostNotFound(Exception e) => new($"The database's host is not found, or not in time: {e.Message}", e);
}

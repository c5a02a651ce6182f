using System.Data.Common;

namespace SynthStudio.Catalog.Accounts;

/// <summary>Sessions of people.</summary>
public sealed class SessionStore
{
    private const string Columns =
        "id, owner, method, address, agent, family_hash, token_hash, previous_hash, successor_salt, rotate_time, s.create_time, expire_time, revoke_time";

    private const int ColumnCount = 13;

    private readonly DbDataSource _database;

    internal SessionStore(DbDataSource database) => _database = database;

    /// <summary>The session of this id, valid or not, with its user; null when there is none.</summary>
    public async Task<(SessionRecord Session, UserRecord Owner)?> FindAsync(string id, CancellationToken cancellation = default)
    {
        var found = await _database.ReadAsync(
            $"SELECT {Columns}, name, display_name, role, disabled, u.create_time FROM sessions s JOIN users u ON u.name = s.owner WHERE id = @id",
            row => (Map(row), UserStore.Map(row, ColumnCount)), cancellation, ("@id", id));
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>All sessions of a user that are not forgotten yet, newest first.</summary>
    public async Task<IReadOnlyList<SessionRecord>> ListAsync(string owner, CancellationToken cancellation = default) => await _database.ReadAsync(
        $"SELECT {Columns} FROM sessions s WHERE owner = @owner ORDER BY create_time DESC, id", Map, cancellation, ("@owner", owner));

    /// <summary>
    /// Keeps a session that begins. False when the password that it begins by is another one meanwhile (then all
    /// sessions of it have ended), or its user locked out.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="password">Hash of the password that was given; null when it begins otherwise.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<bool> TryCreateAsync(SessionRecord session, string? password, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await UserStore.HoldAsync(connection, session.Owner, cancellation)) return false;
        if (password is not null && !await AccountStore.HasPasswordAsync(connection, session.Owner, password, cancellation)) return false;
        await InsertAsync(connection, session, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static Task<int> InsertAsync(DbConnection connection, SessionRecord session, CancellationToken cancellation) => connection.Command(
        """
        INSERT INTO sessions (id, owner, method, address, agent, family_hash, token_hash, rotate_time, create_time, expire_time)
        VALUES (@id, @owner, @method, @address, @agent, @family, @token, @rotated, @created, @expires)
        """,
        ("@id", session.Id), ("@owner", session.Owner), ("@method", session.Method), ("@address", session.Address), ("@agent", session.Agent),
        ("@family", session.FamilyHash), ("@token", session.TokenHash), ("@rotated", session.RotateTime), ("@created", session.CreateTime),
        ("@expires", session.ExpireTime)).ExecuteAsync(cancellation);

    /// <summary>Puts another token in the place of the one that is good. False when that was done already, or the session has ended.</summary>
    /// <param name="id">The session.</param>
    /// <param name="token">SHA-256 of the token that is good.</param>
    /// <param name="successor">SHA-256 of the one that will be.</param>
    /// <param name="salt">What makes the one from the other.</param>
    /// <param name="now">The current time.</param>
    /// <param name="expires">When the session ends now.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<bool> RotateAsync(
        string id, byte[] token, byte[] successor, byte[] salt, DateTimeOffset now, DateTimeOffset expires, CancellationToken cancellation = default) =>
        await _database.ExecuteAsync(
            """
            UPDATE sessions SET token_hash = @successor, previous_hash = @token, successor_salt = @salt, rotate_time = @now, expire_time = @expires
            WHERE id = @id AND token_hash = @token AND revoke_time IS NULL
            """,
            cancellation, ("@id", id), ("@token", token), ("@successor", successor), ("@salt", salt), ("@now", now), ("@expires", expires)) == 1;

    /// <summary>Ends a session, and what its user had begun with other providers; the time of its first end stays.</summary>
    public async Task RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Command("UPDATE sessions SET revoke_time = coalesce(revoke_time, @now) WHERE id = @id", ("@id", id), ("@now", now)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM provider_flows WHERE owner = (SELECT owner FROM sessions WHERE id = @id)", ("@id", id)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Ends the sessions of a user that were refreshed longest ago, all but so many. Answers their ids.</summary>
    /// <param name="owner">The user.</param>
    /// <param name="most">Sessions that stay, at least 1.</param>
    /// <param name="except">One of those that stay, whenever it was refreshed.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<string>> RevokeBeyondAsync(
        string owner, int most, string except, DateTimeOffset now, CancellationToken cancellation = default)
    {
        var others = await _database.ReadAsync(
            """
            SELECT id FROM sessions WHERE owner = @owner AND id <> @except AND revoke_time IS NULL AND expire_time > @now
            ORDER BY rotate_time DESC, create_time DESC, id
            """,
            row => row.GetString(0), cancellation, ("@owner", owner), ("@except", except), ("@now", now));
        var ended = new List<string>();
        foreach (var id in others.Skip(most - 1))
        {
            // One at a time: of two sign-ins at once each ends what the other has not, and neither waits for the other.
            var changed = await _database.ExecuteAsync(
                "UPDATE sessions SET revoke_time = @now WHERE id = @id AND revoke_time IS NULL", cancellation, ("@id", id), ("@now", now));
            if (changed == 1) ended.Add(id);
        }

        return ended;
    }

    /// <summary>Whether the user has signed in from an address since a time.</summary>
    public async Task<bool> IsKnownAddressAsync(string owner, string address, DateTimeOffset since, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(
            "SELECT 1 FROM sessions WHERE owner = @owner AND address = @address AND create_time > @since LIMIT 1", _ => true, cancellation,
            ("@owner", owner), ("@address", address), ("@since", since))).Count > 0;

    /// <summary>Forgets sessions that ended before a time.</summary>
    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellation = default) => _database.ExecuteAsync(
        "DELETE FROM sessions WHERE expire_time < @before OR revoke_time < @before", cancellation, ("@before", before));

    internal static Task<int> RevokeAllAsync(DbConnection connection, string owner, string except, DateTimeOffset now, CancellationToken cancellation) =>
        connection.Command(
            "UPDATE sessions SET revoke_time = @now WHERE owner = @owner AND id <> @except AND revoke_time IS NULL",
            ("@owner", owner), ("@except", except), ("@now", now)).ExecuteAsync(cancellation);

    private static SessionRecord Map(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Owner = row.GetString(1),
        Method = row.GetString(2),
        Address = row.GetString(3),
        Agent = row.GetString(4),
        FamilyHash = row.GetFieldValue<byte[]>(5),
        TokenHash = row.GetFieldValue<byte[]>(6),
        PreviousHash = row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7),
        SuccessorSalt = row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8),
        RotateTime = row.GetTime(9),
        CreateTime = row.GetTime(10),
        ExpireTime = row.GetTime(11),
        RevokeTime = row.FindTime(12),
    };
}

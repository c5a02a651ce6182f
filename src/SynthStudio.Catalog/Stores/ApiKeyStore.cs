using System.Data.Common;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Catalog;

/// <summary>What storing an API key came to.</summary>
public enum KeyOutcome
{
    /// <summary>It is stored.</summary>
    Done,

    /// <summary>The password that was given for it was changed meanwhile.</summary>
    PasswordChanged,

    /// <summary>Its owner has as many good keys as they may have.</summary>
    TooMany,
}

/// <summary>API keys, by their public id.</summary>
public sealed class ApiKeyStore
{
    private const string Columns = "id, secret_hash, owner, k.display_name, scopes, k.create_time, expire_time, revoke_time, last_use_time, maker";
    private const int ColumnCount = 10;

    private const string RevokeMade =
        "UPDATE api_keys SET revoke_time = @now WHERE maker = @maker AND owner <> @maker AND revoke_time IS NULL AND (expire_time IS NULL OR expire_time > @now)";

    private const string RevokedNames = "RETURNING owner, id";

    private readonly DbDataSource _database;

    internal ApiKeyStore(DbDataSource database) => _database = database;

    /// <summary>The key of this id, valid or not, with its owner; null when there is none.</summary>
    public async Task<(ApiKeyRecord Key, UserRecord Owner)?> FindAsync(string id, CancellationToken cancellation = default)
    {
        var found = await _database.ReadAsync(
            $"SELECT {Columns}, name, u.display_name, role, disabled, u.create_time FROM api_keys k JOIN users u ON u.name = k.owner WHERE id = @id",
            row => (Map(row), UserStore.Map(row, ColumnCount)), cancellation, ("@id", id));
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>All keys of a user, newest first.</summary>
    public async Task<IReadOnlyList<ApiKeyRecord>> ListAsync(string owner, CancellationToken cancellation = default) =>
        await _database.ReadAsync(
            $"SELECT {Columns} FROM api_keys k WHERE owner = @owner ORDER BY create_time DESC, id", Map, cancellation, ("@owner", owner));

    /// <summary>The good keys that a user made of others, of service accounts or other users, newest first.</summary>
    public async Task<IReadOnlyList<ApiKeyRecord>> ListMadeAsync(
        string maker, DateTimeOffset now, CancellationToken cancellation = default) => await _database.ReadAsync(
        $"""
        SELECT {Columns} FROM api_keys k WHERE maker = @maker AND owner <> @maker AND revoke_time IS NULL AND (expire_time IS NULL OR expire_time > @now)
        ORDER BY create_time DESC, id
        """,
        Map, cancellation, ("@maker", maker), ("@now", now));

    /// <exception cref="AlreadyExistsException">The id is taken.</exception>
    /// <exception cref="UserLockedOutException">The owner or the maker is locked out.</exception>
    /// <exception cref="NotOwnerException">It is of a service account of a project that the maker does not own.</exception>
    public async Task CreateAsync(ApiKeyRecord key, CancellationToken cancellation = default) =>
        await TryCreateAsync(key, password: null, most: int.MaxValue, cancellation);

    /// <summary>
    /// Stores a key unless its owner has as many as they may have, of somebody who proved who they are by a password: none that was changed
    /// meanwhile, so that no key outlives its change.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="password">The hash of the owner's password that was given; null for none.</param>
    /// <param name="most">Good keys that the owner may have, this one among them; those that are revoked or expired at its time do not count.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="AlreadyExistsException">The id is taken.</exception>
    /// <exception cref="UserLockedOutException">The owner or the maker is locked out.</exception>
    /// <exception cref="NotOwnerException">It is of a service account of a project that the maker does not own.</exception>
    public async Task<KeyOutcome> TryCreateAsync(ApiKeyRecord key, string? password, int most, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var isOfOthers = key.Maker.Length > 0 && key.Maker != key.Owner;
        // Before users, as whoever takes a role away does.
        var project = isOfOthers ? await HoldProjectAsync(connection, key.Owner, cancellation) : null;
        // Of two keys of the same user at once, one counts the other; in one order, so that two users who make
        // keys of each other do not wait for each other.
        if (most < int.MaxValue)
        {
            await connection.Command(
                $"SELECT 1 FROM users WHERE name = @owner OR name = @maker ORDER BY name {SqlDialect.ForUpdate}",
                ("@owner", key.Owner), ("@maker", key.Maker))
                .ReadAsync(_ => true, cancellation);
        }

        await UserStore.RequireAsync(connection, key.Owner, cancellation);
        if (isOfOthers) await UserStore.RequireAsync(connection, key.Maker, cancellation); // None comes after those were revoked that they made.
        if (project is not null) await RequireOwnerAsync(connection, project, key.Maker, cancellation);
        if (password is not null && !await AccountStore.HasPasswordAsync(connection, key.Owner, password, cancellation)) return KeyOutcome.PasswordChanged;
        if (most < int.MaxValue && await CountGoodAsync(connection, key.Owner, key.CreateTime, cancellation) >= most) return KeyOutcome.TooMany;
        try
        {
            await connection.Command(
                """
                INSERT INTO api_keys (id, secret_hash, owner, display_name, scopes, create_time, expire_time, revoke_time, last_use_time, maker)
                VALUES (@id, @hash, @owner, @display, @scopes, @created, @expires, @revoked, @used, @maker)
                """,
                ("@id", key.Id), ("@hash", key.SecretHash), ("@owner", key.Owner), ("@display", key.DisplayName),
                ("@scopes", CatalogJson.Write(key.Scopes)), ("@created", key.CreateTime), ("@expires", key.ExpireTime),
                ("@revoked", key.RevokeTime), ("@used", key.LastUseTime), ("@maker", key.Maker)).ExecuteAsync(cancellation);
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException(key.Id, e);
        }

        await transaction.CommitAsync(cancellation);
        return KeyOutcome.Done;
    }

    private static async Task<long> CountGoodAsync(
        DbConnection connection, string owner, DateTimeOffset now, CancellationToken cancellation) => (await connection.Command(
        "SELECT count(*) FROM api_keys WHERE owner = @owner AND revoke_time IS NULL AND (expire_time IS NULL OR expire_time > @now)",
        ("@owner", owner), ("@now", now))
        .ReadAsync(row => row.GetInt64(0), cancellation))[0];

    /// <summary>The project that a user works in who is a program's, whose members do not change until the transaction ends; null for a person.</summary>
    private static async Task<string?> HoldProjectAsync(DbConnection connection, string user, CancellationToken cancellation)
    {
        var projects = await connection.Command("SELECT project FROM service_accounts WHERE owner = @user", ("@user", user)).ReadAsync(row => row.GetString(0), cancellation);
        if (projects is not [var project, ..]) return null;
        await ProjectStore.HoldAsync(connection, project, cancellation);
        return project;
    }

    /// <summary>Who was an owner when they asked may be none any more, and what they made revoked: what comes after that nobody would revoke.</summary>
    private static async Task RequireOwnerAsync(DbConnection connection, string project, string maker, CancellationToken cancellation)
    {
        var found = await connection.Command(
            """
            SELECT 1 WHERE EXISTS (SELECT 1 FROM project_members WHERE project = @project AND "user" = @maker AND role = 'Owner')
                OR EXISTS (SELECT 1 FROM users WHERE name = @maker AND role = 'Admin')
            """,
            ("@project", project), ("@maker", maker)).ReadAsync(_ => true, cancellation);
        if (found.Count == 0) throw new NotOwnerException(project, maker);
    }

    /// <summary>Revokes all good keys of a user but one, within somebody's transaction.</summary>
    internal static Task<int> RevokeAllAsync(
        DbConnection connection, string owner, string except, DateTimeOffset now, CancellationToken cancellation) => connection.Command(
        "UPDATE api_keys SET revoke_time = @now WHERE owner = @owner AND revoke_time IS NULL AND id <> @except",
        ("@owner", owner), ("@now", now), ("@except", except))
        .ExecuteAsync(cancellation);

    /// <summary>Revokes the good keys that a user made of service accounts and other users, within somebody's transaction.</summary>
    /// <returns>Their resource names.</returns>
    internal static Task<List<string>> RevokeMadeAsync(DbConnection connection, string maker, DateTimeOffset now, CancellationToken cancellation) =>
        connection.Command($"{RevokeMade} {RevokedNames}", ("@maker", maker), ("@now", now)).ReadAsync(NameOf, cancellation);

    /// <summary>
    /// Revokes the good keys that a user made of those service accounts of a project that may do
    /// what they may not, within somebody's transaction.
    /// </summary>
    /// <param name="connection">With a transaction.</param>
    /// <param name="maker">The user.</param>
    /// <param name="project">The project.</param>
    /// <param name="role">What the user is there, short of an owner; null for no member.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Their resource names.</returns>
    internal static Task<List<string>> RevokeMadeAsync(
        DbConnection connection, string maker, string project, ProjectRole? role, DateTimeOffset now, CancellationToken cancellation) =>
        connection.Command(
            $"""
            {RevokeMade} AND owner IN (SELECT s.owner FROM service_accounts s WHERE s.project = @project AND NOT EXISTS (
                SELECT 1 FROM project_members m WHERE m.project = s.project AND m."user" = s.owner AND (m.role = @role OR (m.role = 'Viewer' AND @role = 'Editor'))))
            {RevokedNames}
            """,
            ("@maker", maker), ("@project", project), ("@role", role?.ToString() ?? ""), ("@now", now)).ReadAsync(NameOf, cancellation);

    /// <summary>Revokes the key; the first revocation's time stays. False when there is no such key.</summary>
    public async Task<bool> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellation = default) =>
        await _database.ExecuteAsync(
            "UPDATE api_keys SET revoke_time = coalesce(revoke_time, @now) WHERE id = @id", cancellation, ("@id", id), ("@now", now)) == 1;

    /// <summary>Forgets keys that were revoked, or expired, before a time.</summary>
    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellation = default) => _database.ExecuteAsync(
        "DELETE FROM api_keys WHERE expire_time < @before OR revoke_time < @before", cancellation, ("@before", before));

    /// <summary>Notes that the key was used, unless a use within the last minute is noted already.</summary>
    public Task TouchAsync(string id, DateTimeOffset now, CancellationToken cancellation = default) =>
        _database.ExecuteAsync(
            "UPDATE api_keys SET last_use_time = @now WHERE id = @id AND (last_use_time IS NULL OR last_use_time < @stale)", cancellation,
            ("@id", id), ("@now", now), ("@stale", now.AddMinutes(-1)));

    private static string NameOf(DbDataReader row) => ApiKeyRecord.NameOf(row.GetString(0), row.GetString(1));

    private static ApiKeyRecord Map(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        SecretHash = row.GetFieldValue<byte[]>(1),
        Owner = row.GetString(2),
        DisplayName = row.GetString(3),
        Scopes = CatalogJson.Read<IReadOnlyList<string>>(row.GetString(4)),
        CreateTime = row.GetTime(5),
        ExpireTime = row.FindTime(6),
        RevokeTime = row.FindTime(7),
        LastUseTime = row.FindTime(8),
        Maker = row.GetString(9),
    };
}

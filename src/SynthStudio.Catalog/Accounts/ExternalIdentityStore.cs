using System.Data.Common;

namespace SynthStudio.Catalog.Accounts;

/// <summary>What became of a wish to be known by a provider no more.</summary>
public enum UnlinkOutcome
{
    /// <summary>The provider does not know the user.</summary>
    Unknown,

    /// <summary>It is the only way in: there is no password, and no other provider.</summary>
    LastWayIn,

    /// <summary>It is forgotten.</summary>
    Done,
}

/// <summary>People as other providers know them, and sign-ins there that are under way.</summary>
public sealed class ExternalIdentityStore
{
    private const string Columns = "issuer, subject, owner, provider, email, create_time";

    private readonly DbDataSource _database;

    internal ExternalIdentityStore(DbDataSource database) => _database = database;

    /// <summary>Whom a provider means; null when nobody is known by that.</summary>
    public async Task<ExternalIdentityRecord?> FindAsync(string issuer, string subject, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(
            $"SELECT {Columns} FROM external_identities WHERE issuer = @issuer AND subject = @subject", Map, cancellation, ("@issuer", issuer), ("@subject", subject)))
        .FirstOrDefault();

    /// <summary>How a user is known elsewhere.</summary>
    public async Task<IReadOnlyList<ExternalIdentityRecord>> ListAsync(string owner, CancellationToken cancellation = default) => await _database.ReadAsync(
        $"SELECT {Columns} FROM external_identities WHERE owner = @owner ORDER BY create_time", Map, cancellation, ("@owner", owner));

    /// <exception cref="AlreadyExistsException">Somebody is known by that already.</exception>
    /// <exception cref="UserLockedOutException">The user is locked out.</exception>
    public async Task CreateAsync(ExternalIdentityRecord identity, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await UserStore.RequireAsync(connection, identity.Owner, cancellation);
        await AddAsync(connection, identity, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Lets a user be known by who came with an invitation for them, which is good for nothing more, as are others for the same user.</summary>
    /// <returns>False when the invitation was used meanwhile, or who sent it may not invite any more.</returns>
    /// <exception cref="AlreadyExistsException">Somebody is known by that already.</exception>
    /// <exception cref="UserLockedOutException">The user is locked out.</exception>
    public async Task<bool> TryCreateAsync(ExternalIdentityRecord identity, MailTokenRecord invitation, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await UserStore.RequireAsync(connection, identity.Owner, cancellation); // First, as whoever erases them does.
        if (!await MailTokenStore.TakeAsync(connection, invitation.Hash, cancellation)) return false;
        await AddAsync(connection, identity, cancellation);
        await MailTokenStore.ForgetOfAsync(connection, invitation.EmailKey, identity.Owner, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>
    /// Forgets how a provider knows a user, and ends all sessions but one that began there, and what the user had begun with providers,
    /// unless nobody could sign in as them any more.
    /// </summary>
    /// <param name="owner">The user.</param>
    /// <param name="provider">The provider's id.</param>
    /// <param name="except">The session that stays; empty for none.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<UnlinkOutcome> DeleteAsync(string owner, string provider, string except, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Command($"SELECT 1 FROM users WHERE name = @owner {SqlDialect.ForUpdate}", ("@owner", owner)).ReadAsync(_ => true, cancellation); // Of two ways in that go at once, one stays.
        var known = await connection.Command(
            "DELETE FROM external_identities WHERE owner = @owner AND provider = @provider", ("@owner", owner), ("@provider", provider)).ExecuteAsync(cancellation);
        if (known == 0) return UnlinkOutcome.Unknown;
        var others = await connection.Command(
            "SELECT 1 FROM accounts WHERE owner = @owner AND password <> '' UNION ALL SELECT 1 FROM external_identities WHERE owner = @owner", ("@owner", owner))
            .ReadAsync(_ => true, cancellation);
        if (others.Count == 0) return UnlinkOutcome.LastWayIn;
        await connection.Command(
            "UPDATE sessions SET revoke_time = @now WHERE owner = @owner AND method = @provider AND id <> @except AND revoke_time IS NULL",
            ("@owner", owner), ("@provider", provider), ("@except", except), ("@now", now)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM provider_flows WHERE owner = @owner", ("@owner", owner)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return UnlinkOutcome.Done;
    }

    /// <exception cref="UserLockedOutException">The user who wants to be known is locked out.</exception>
    public async Task BeginAsync(ProviderFlowRecord flow, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (flow.Owner is { } owner) await UserStore.RequireAsync(connection, owner, cancellation);
        await connection.Command(
            "INSERT INTO provider_flows (secret_hash, provider, redirect_uri, owner, expire_time) VALUES (@hash, @provider, @redirect, @owner, @expires)",
            ("@hash", flow.SecretHash), ("@provider", flow.Provider), ("@redirect", flow.RedirectUri), ("@owner", flow.Owner), ("@expires", flow.ExpireTime))
            .ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Takes up a sign-in that was begun; of several that try, one gets it.</summary>
    public async Task<ProviderFlowRecord?> TakeAsync(byte[] secretHash, DateTimeOffset now, CancellationToken cancellation = default)
    {
        var found = await _database.ReadAsync(
            "SELECT provider, redirect_uri, owner, expire_time FROM provider_flows WHERE secret_hash = @hash AND expire_time > @now",
            row => new ProviderFlowRecord(
                secretHash, row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetTime(3)),
            cancellation, ("@hash", secretHash), ("@now", now));
        return found is [var flow]
            && await _database.ExecuteAsync(
                "DELETE FROM provider_flows WHERE secret_hash = @hash", cancellation, ("@hash", secretHash)) == 1
            ? flow
            : null;
    }

    /// <summary>Forgets sign-ins that nobody finished.</summary>
    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellation = default) =>
        _database.ExecuteAsync("DELETE FROM provider_flows WHERE expire_time <= @now", cancellation, ("@now", now));

    internal static async Task AddAsync(DbConnection connection, ExternalIdentityRecord identity, CancellationToken cancellation)
    {
        try
        {
            await connection.Command(
                $"INSERT INTO external_identities ({Columns}) VALUES (@issuer, @subject, @owner, @provider, @email, @created)", ("@issuer", identity.Issuer),
                ("@subject", identity.Subject), ("@owner", identity.Owner), ("@provider", identity.Provider), ("@email", identity.Email),
                ("@created", identity.CreateTime)).ExecuteAsync(cancellation);
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException($"{identity.Provider} identity", e);
        }
    }

    private static ExternalIdentityRecord Map(DbDataReader row) => new()
    {
        Issuer = row.GetString(0),
        Subject = row.GetString(1),
        Owner = row.GetString(2),
        Provider = row.GetString(3),
        Email = row.GetString(4),
        CreateTime = row.GetTime(5),
    };
}

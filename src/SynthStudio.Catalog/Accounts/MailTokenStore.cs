using System.Data.Common;

namespace SynthStudio.Catalog.Accounts;

/// <summary>What mails that are on their way are good for.</summary>
public sealed class MailTokenStore
{
    private const string Columns = "token_hash, purpose, email, email_key, owner, role, create_time, expire_time, inviter";

    /// <summary>An invitation is good while who sent it may still invite; asks for <c>@off</c>, which is false.</summary>
    private const string FromWhoMay =
        "(inviter = '' OR EXISTS (SELECT 1 FROM users u WHERE u.name = mail_tokens.inviter AND u.disabled = @off AND u.role = 'Admin'))";

    private readonly DbDataSource _database;

    internal MailTokenStore(DbDataSource database) => _database = database;

    /// <summary>The token of this hash, if it is still good.</summary>
    public async Task<MailTokenRecord?> FindAsync(byte[] hash, DateTimeOffset now, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(
            $"SELECT {Columns} FROM mail_tokens WHERE token_hash = @hash AND expire_time > @now AND {FromWhoMay}", Map, cancellation, ("@hash", hash), ("@now", now),
            ("@off", false))).FirstOrDefault();

    /// <summary>The newest invitation of an address that is still good; null for none.</summary>
    public async Task<MailTokenRecord?> FindInvitationAsync(string emailKey, DateTimeOffset now, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(
            $"SELECT {Columns} FROM mail_tokens WHERE email_key = @key AND purpose = 'Invitation' AND expire_time > @now AND {FromWhoMay} ORDER BY create_time DESC LIMIT 1", Map,
            cancellation, ("@key", emailKey), ("@now", now), ("@off", false))).FirstOrDefault();

    /// <exception cref="UserLockedOutException">The user whom it is about is locked out.</exception>
    public async Task CreateAsync(MailTokenRecord token, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (token.Owner is { } owner) await UserStore.RequireAsync(connection, owner, cancellation);
        await connection.Command(
            $"INSERT INTO mail_tokens ({Columns}) VALUES (@hash, @purpose, @email, @key, @owner, @role, @created, @expires, @inviter)",
            ("@hash", token.Hash), ("@purpose", token.Purpose), ("@email", token.Email), ("@key", token.EmailKey), ("@owner", token.Owner), ("@role", token.Role),
            ("@created", token.CreateTime), ("@expires", token.ExpireTime), ("@inviter", token.Inviter)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Uses a token up, within somebody's transaction. False when that was done already, or who invited may not any more.</summary>
    internal static async Task<bool> TakeAsync(DbConnection connection, byte[] hash, CancellationToken cancellation) =>
        await connection.Command($"DELETE FROM mail_tokens WHERE token_hash = @hash AND {FromWhoMay}", ("@hash", hash), ("@off", false)).ExecuteAsync(cancellation) == 1;

    /// <summary>
    /// Forgets, within somebody's transaction, what an address and a user were sent, who came now:
    /// other invitations of theirs let nobody else in.
    /// </summary>
    internal static Task<int> ForgetOfAsync(DbConnection connection, string emailKey, string owner, CancellationToken cancellation) =>
        connection.Command("DELETE FROM mail_tokens WHERE email_key = @key OR owner = @owner", ("@key", emailKey), ("@owner", owner))
            .ExecuteAsync(cancellation);

    /// <summary>Forgets tokens that are good for nothing any more.</summary>
    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellation = default) =>
        _database.ExecuteAsync("DELETE FROM mail_tokens WHERE expire_time <= @now", cancellation, ("@now", now));

    private static MailTokenRecord Map(DbDataReader row) => new()
    {
        Hash = row.GetFieldValue<byte[]>(0),
        Purpose = row.GetEnum<MailPurpose>(1),
        Email = row.GetString(2),
        EmailKey = row.GetString(3),
        Owner = row.IsDBNull(4) ? null : row.GetString(4),
        Role = row.GetEnum<UserRole>(5),
        CreateTime = row.GetTime(6),
        ExpireTime = row.GetTime(7),
        Inviter = row.GetString(8),
    };
}

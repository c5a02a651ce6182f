using System.Data.Common;

namespace SynthStudio.Catalog.Accounts;

/// <summary>Accounts of people, with their recovery codes.</summary>
public sealed class AccountStore
{
    private const string Columns =
        "owner, email, email_key, password, second_factor, second_factor_active, second_factor_step, create_time, update_time";

    private const string Insert =
        $"INSERT INTO accounts ({Columns}) VALUES (@owner, @email, @key, @password, @factor, @active, @step, @created, @updated)";

    private readonly DbDataSource _database;

    internal AccountStore(DbDataSource database) => _database = database;

    /// <summary>The account of a user; null when there is none.</summary>
    public async Task<AccountRecord?> FindAsync(string owner, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM accounts WHERE owner = @owner", Map, cancellation, ("@owner", owner))).FirstOrDefault();

    /// <summary>The account with an address, and its user; null when there is none.</summary>
    public async Task<(AccountRecord Account, UserRecord User)?> FindByEmailAsync(string emailKey, CancellationToken cancellation = default)
    {
        var found = await _database.ReadAsync(
            "SELECT owner, email, email_key, password, second_factor, second_factor_active, second_factor_step, a.create_time, update_time, "
            + "name, display_name, role, disabled, u.create_time FROM accounts a JOIN users u ON u.name = a.owner WHERE email_key = @key",
            row => (Map(row), UserStore.Map(row, 9)), cancellation, ("@key", emailKey));
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Makes an account, with its user where that is new, for who has what a mail carried; the mail is good for nothing more.</summary>
    /// <param name="tokenHash">Of the mail.</param>
    /// <param name="user">A user to be made; null when there is one already.</param>
    /// <param name="account">The account.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>False when the mail was used meanwhile, or the user, or who invited them, locked out.</returns>
    /// <exception cref="AlreadyExistsException">The address, or the user, has an account.</exception>
    public async Task<bool> RedeemAsync(byte[] tokenHash, UserRecord? user, AccountRecord account, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await MailTokenStore.TakeAsync(connection, tokenHash, cancellation)) return false;
        if (user is null && !await UserStore.HoldAsync(connection, account.Owner, cancellation)) return false;
        await AddAsync(connection, user, account, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Makes a user with an account for who came by another provider, with their identity there.</summary>
    /// <param name="user">The user.</param>
    /// <param name="account">The account.</param>
    /// <param name="identity">Who they are there.</param>
    /// <param name="invitation">What lets them in, and is good for nothing more; null where nothing has to.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>False when the invitation was used meanwhile, or who sent it may not invite any more.</returns>
    /// <exception cref="AlreadyExistsException">The identity or the address belongs to somebody already.</exception>
    public async Task<bool> TryCreateAsync(
        UserRecord user, AccountRecord account, ExternalIdentityRecord identity, MailTokenRecord? invitation,
        CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (invitation is not null && !await MailTokenStore.TakeAsync(connection, invitation.Hash, cancellation)) return false;
        await AddAsync(connection, user, account, cancellation);
        await ExternalIdentityStore.AddAsync(connection, identity, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Sets a password for who has what a mail carried, ends all sessions and revokes API keys. False when the mail was used meanwhile.</summary>
    /// <param name="tokenHash">Of the mail.</param>
    /// <param name="owner">The user.</param>
    /// <param name="password">The hash of the new password.</param>
    /// <param name="keepsKeys">Whether API keys stay good.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<bool> ResetPasswordAsync(
        byte[] tokenHash, string owner, string password, bool keepsKeys, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await connection.Command("DELETE FROM mail_tokens WHERE token_hash = @hash", ("@hash", tokenHash)).ExecuteAsync(cancellation) == 0) return false;
        await SetPasswordAsync(connection, owner, password, now, cancellation);
        await ForgetPendingAsync(connection, owner, cancellation);
        await SessionStore.RevokeAllAsync(connection, owner, except: "", now, cancellation);
        if (!keepsKeys) await ApiKeyStore.RevokeAllAsync(connection, owner, except: "", now, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Gives an account another address for who has what a mail carried. False when the mail was used meanwhile.</summary>
    /// <exception cref="AlreadyExistsException">The address has an account.</exception>
    public async Task<bool> ChangeEmailAsync(MailTokenRecord mail, string owner, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await connection.Command("DELETE FROM mail_tokens WHERE token_hash = @hash", ("@hash", mail.Hash)).ExecuteAsync(cancellation) == 0) return false;
        try
        {
            await connection.Command(
                "UPDATE accounts SET email = @email, email_key = @key, update_time = @now WHERE owner = @owner", ("@owner", owner), ("@email", mail.Email), ("@key", mail.EmailKey),
                ("@now", now)).ExecuteAsync(cancellation);
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException($"{owner}/account", e);
        }

        // What the old address was sent is good for nothing any more.
        await connection.Command("DELETE FROM mail_tokens WHERE owner = @owner OR email_key = @key", ("@owner", owner), ("@key", mail.EmailKey)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>
    /// Sets a password, ends all sessions and API keys but one, and what mails and other providers were asked for before.
    /// False when the old one was changed meanwhile.
    /// </summary>
    /// <param name="owner">The user.</param>
    /// <param name="old">The hash of the password that was given.</param>
    /// <param name="password">The hash of the new one.</param>
    /// <param name="credential">The session, or the API key, that stays; empty for none.</param>
    /// <param name="keepsKeys">Whether all API keys stay good.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<bool> ChangePasswordAsync(
        string owner, string old, string password, string credential, bool keepsKeys, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await HasPasswordAsync(connection, owner, old, cancellation)) return false;
        await SetPasswordAsync(connection, owner, password, now, cancellation);
        await ForgetPendingAsync(connection, owner, cancellation);
        await SessionStore.RevokeAllAsync(connection, owner, credential, now, cancellation);
        if (!keepsKeys) await ApiKeyStore.RevokeAllAsync(connection, owner, credential, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Whether a password's hash is still the one; the account is not changed by others until the transaction ends.</summary>
    internal static async Task<bool> HasPasswordAsync(
        DbConnection connection, string owner, string password, CancellationToken cancellation) => (await connection.Command(
        $"SELECT 1 FROM accounts WHERE owner = @owner AND password = @password {SqlDialect.ForUpdate}", ("@owner", owner), ("@password", password))
        .ReadAsync(_ => true, cancellation)).Count == 1;

    /// <summary>What was asked for by who knew the old password is good for nothing any more.</summary>
    private static async Task ForgetPendingAsync(DbConnection connection, string owner, CancellationToken cancellation)
    {
        await connection.Command("DELETE FROM mail_tokens WHERE owner = @owner", ("@owner", owner)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM provider_flows WHERE owner = @owner", ("@owner", owner)).ExecuteAsync(cancellation);
    }

    /// <summary>Keeps another hash of the same password. False when it was changed meanwhile.</summary>
    public async Task<bool> RehashAsync(string owner, string old, string better, CancellationToken cancellation = default) => await _database.ExecuteAsync(
        "UPDATE accounts SET password = @better WHERE owner = @owner AND password = @old", cancellation, ("@owner", owner), ("@old", old), ("@better", better)) == 1;

    /// <summary>Keeps a second factor that waits for its first code. False when one is active.</summary>
    public async Task<bool> PrepareSecondFactorAsync(string owner, byte[] secret, DateTimeOffset now, CancellationToken cancellation = default) =>
        await _database.ExecuteAsync(
            "UPDATE accounts SET second_factor = @secret, second_factor_step = 0, update_time = @now WHERE owner = @owner AND second_factor_active = @off",
            cancellation, ("@owner", owner), ("@secret", secret), ("@now", now), ("@off", false)) == 1;

    /// <summary>Takes a code of a time step: of several uses of the same code, or an older one, only the first is good.</summary>
    public async Task<bool> TakeStepAsync(string owner, long step, CancellationToken cancellation = default) => await _database.ExecuteAsync(
        "UPDATE accounts SET second_factor_step = @step WHERE owner = @owner AND second_factor_step < @step", cancellation, ("@owner", owner), ("@step", step)) == 1;

    /// <summary>
    /// Asks for the second factor from now on, and keeps hashes of new recovery codes in place
    /// of the old. False when there is none any more.
    /// </summary>
    public async Task<bool> ActivateSecondFactorAsync(
        string owner, IReadOnlyList<byte[]> codes, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var active = await connection.Command(
            "UPDATE accounts SET second_factor_active = @on, update_time = @now WHERE owner = @owner AND second_factor IS NOT NULL", ("@owner", owner), ("@on", true),
            ("@now", now)).ExecuteAsync(cancellation);
        if (active == 0) return false;
        await connection.Command("DELETE FROM recovery_codes WHERE owner = @owner", ("@owner", owner)).ExecuteAsync(cancellation);
        foreach (var code in codes)
            await connection.Command("INSERT INTO recovery_codes (owner, code_hash) VALUES (@owner, @hash)", ("@owner", owner), ("@hash", code)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Asks for a second factor no more, and forgets it.</summary>
    public async Task RemoveSecondFactorAsync(string owner, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Command(
            "UPDATE accounts SET second_factor = NULL, second_factor_active = @off, second_factor_step = 0, update_time = @now WHERE owner = @owner",
            ("@owner", owner), ("@off", false), ("@now", now)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM recovery_codes WHERE owner = @owner", ("@owner", owner)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Uses a recovery code up; false when there is none such.</summary>
    public async Task<bool> TakeRecoveryCodeAsync(string owner, byte[] hash, CancellationToken cancellation = default) => await _database.ExecuteAsync(
        "DELETE FROM recovery_codes WHERE owner = @owner AND code_hash = @hash", cancellation, ("@owner", owner), ("@hash", hash)) == 1;

    /// <summary>How many recovery codes are left.</summary>
    public async Task<int> CountRecoveryCodesAsync(string owner, CancellationToken cancellation = default) =>
        (await _database.ReadAsync("SELECT 1 FROM recovery_codes WHERE owner = @owner", _ => true, cancellation, ("@owner", owner))).Count;

    private static Task<int> SetPasswordAsync(DbConnection connection, string owner, string password, DateTimeOffset now, CancellationToken cancellation) =>
        connection.Command("UPDATE accounts SET password = @password, update_time = @now WHERE owner = @owner", ("@owner", owner), ("@password", password), ("@now", now))
            .ExecuteAsync(cancellation);

    /// <summary>Adds an account, with its user where that is new; what its address and its user were sent so far is good for nothing more.</summary>
    /// <exception cref="AlreadyExistsException">The address, or the user, has an account.</exception>
    internal static async Task AddAsync(DbConnection connection, UserRecord? user, AccountRecord account, CancellationToken cancellation)
    {
        if (user is not null)
        {
            await connection.Command(
                $"INSERT INTO users ({UserStore.Columns}) VALUES (@name, @display, @role, @disabled, @created)", ("@name", user.Name), ("@display", user.DisplayName),
                ("@role", user.Role), ("@disabled", user.Disabled), ("@created", user.CreateTime)).ExecuteAsync(cancellation);
        }

        try
        {
            await connection.Command(
                Insert, ("@owner", account.Owner), ("@email", account.Email), ("@key", account.EmailKey), ("@password", account.Password),
                ("@factor", account.SecondFactor), ("@active", account.SecondFactorActive), ("@step", account.SecondFactorStep),
                ("@created", account.CreateTime), ("@updated", account.UpdateTime)).ExecuteAsync(cancellation);
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException($"{account.Owner}/account", e);
        }

        await MailTokenStore.ForgetOfAsync(connection, account.EmailKey ?? "", account.Owner, cancellation);
    }

    private static AccountRecord Map(DbDataReader row) => new()
    {
        Owner = row.GetString(0),
        Email = row.IsDBNull(1) ? null : row.GetString(1),
        EmailKey = row.IsDBNull(2) ? null : row.GetString(2),
        Password = row.GetString(3),
        SecondFactor = row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4),
        SecondFactorActive = row.GetBoolean(5),
        SecondFactorStep = row.GetInt64(6),
        CreateTime = row.GetTime(7),
        UpdateTime = row.GetTime(8),
    };
}

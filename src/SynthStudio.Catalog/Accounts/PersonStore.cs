using System.Data.Common;

namespace SynthStudio.Catalog.Accounts;

/// <summary>What was deleted of a person, rows by kind.</summary>
public sealed record ErasedRows(
    int Accounts, int Sessions, int ApiKeys, int Memberships, int Invitations, int Identities, int RecoveryCodes, int Mails, int Answers);

/// <summary>What deleting a person came to.</summary>
/// <param name="Rows">What was deleted.</param>
/// <param name="RevokedKeys">Names of the keys of others that they made and that were revoked.</param>
/// <param name="Projects">Names of the projects that they were members of.</param>
public sealed record Erasure(ErasedRows Rows, IReadOnlyList<string> RevokedKeys, IReadOnlyList<string> Projects);

/// <summary>What locking a user out came to.</summary>
/// <param name="Orphans">The projects that nobody would own who is not locked out: with some, nothing was done unless it was to be so.</param>
/// <param name="RevokedKeys">Names of the keys of others that they made and that were revoked.</param>
public sealed record LockOut(IReadOnlyList<string> Orphans, IReadOnlyList<string> RevokedKeys);

/// <summary>A person's place in a project.</summary>
/// <param name="Project">The project.</param>
/// <param name="Role">Their role.</param>
/// <param name="IsLastOwner">Whether nobody else owns it who is not locked out, and it was not deleted.</param>
public sealed record MembershipRecord(string Project, ProjectRole Role, bool IsLastOwner);

/// <summary>Something that a person made.</summary>
/// <param name="Name">Resource name.</param>
/// <param name="Time">When.</param>
public sealed record MadeRecord(string Name, DateTimeOffset Time);

/// <summary>An answer that is kept for a repeat.</summary>
/// <param name="Method">Full name of the RPC.</param>
/// <param name="RequestId">As the client chose it.</param>
/// <param name="Time">When it was asked.</param>
/// <param name="Answer">The message as it goes over the wire, without secrets.</param>
public sealed record KeptAnswer(string Method, string RequestId, DateTimeOffset Time, byte[] Answer);

/// <summary>All that is kept of a person, as one thing.</summary>
public sealed class PersonStore
{
    private static readonly (string Table, string Maker, string Time)[] Kinds =
    [
        ("projects", "creator", "create_time"), ("datasets", "creator", "create_time"), ("uploads", "creator", "create_time"), ("analyses", "creator", "create_time"),
        ("synthetic_datasets", "creator", "create_time"), ("evaluations", "creator", "create_time"), ("evidence_packs", "creator", "create_time"), ("webhooks", "creator", "create_time"),
        ("connections", "creator", "create_time"), ("transfers", "creator", "create_time"), ("service_accounts", "creator", "create_time"), ("generator_aliases", "creator", "update_time"),
        ("invitations", "inviter", "create_time"),
    ];

    /// <summary>Everything that says who made it. A generator's maker stands in its snapshot; keys of their own are told as such.</summary>
    private static readonly string Made = string.Join(" UNION ALL ", Kinds.Select(kind => $"SELECT name, {kind.Time} AS made FROM {kind.Table} WHERE {kind.Maker} = @user"))
        + " UNION ALL SELECT name, create_time AS made FROM generators WHERE snapshot LIKE @maker"
        + " UNION ALL SELECT dataset || '/assistantConsent' AS name, grant_time AS made FROM assistant_consents WHERE grantor = @user"
        + " UNION ALL SELECT owner || '/apiKeys/' || id AS name, create_time AS made FROM api_keys WHERE maker = @user AND owner <> @user";

    private readonly DbDataSource _database;

    internal PersonStore(DbDataSource database) => _database = database;

    /// <summary>The projects that a user is in.</summary>
    public async Task<IReadOnlyList<MembershipRecord>> ListMembershipsAsync(string user, CancellationToken cancellation = default) => await _database.ReadAsync(
        """
        SELECT m.project, m.role, CASE WHEN m.role = 'Owner' AND NOT EXISTS (
            SELECT 1 FROM project_members o JOIN users u ON u.name = o."user" WHERE o.project = m.project AND o.role = 'Owner' AND o."user" <> m."user" AND u.disabled = @off)
            AND EXISTS (SELECT 1 FROM projects p WHERE p.name = m.project AND p.delete_time IS NULL) THEN 1 ELSE 0 END
        FROM project_members m WHERE m."user" = @user ORDER BY m.project
        """,
        row => new MembershipRecord(row.GetString(0), row.GetEnum<ProjectRole>(1), row.GetInt32(2) == 1), cancellation, ("@user", user), ("@off", false));

    /// <summary>What a user made and is still there, deleted or not, newest first.</summary>
    public async Task<IReadOnlyList<MadeRecord>> ListMadeAsync(string user, int limit, CancellationToken cancellation = default) => await _database.ReadAsync(
        $"SELECT name, made FROM ({Made}) all_made ORDER BY made DESC, name LIMIT @limit", row => new MadeRecord(row.GetString(0), row.GetTime(1)), cancellation,
        ("@user", user), ("@maker", $"%\"creator\":\"{user}\"%"), ("@limit", limit));

    /// <summary>The answers to a user that are kept for repeats of what they asked under a request id, newest first.</summary>
    public async Task<IReadOnlyList<KeptAnswer>> ListAnswersAsync(
        string user, int limit, CancellationToken cancellation = default) => await _database.ReadAsync(
        "SELECT method, request_id, time, response FROM request_ids WHERE principal = @user AND response IS NOT NULL ORDER BY time DESC, request_id LIMIT @limit",
        row => new KeptAnswer(row.GetString(0), row.GetString(1), row.GetTime(2), row.GetFieldValue<byte[]>(3)),
        cancellation, ("@user", user), ("@limit", limit));

    /// <summary>
    /// Deletes a person, in one transaction: all rows that tell something of them, and their credentials. The user's name stays, without anything
    /// beside it, disabled, so that what they made and the records of what was done still refer to one and the same somebody. What is being added for them
    /// at the same time is there before and deleted too, or refused (<see cref="UserStore.HoldAsync"/>).
    /// </summary>
    /// <param name="user">Who.</param>
    /// <param name="revokeMade">The current time, where the keys of others that they made are to be revoked; null where those stay good.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="LastOwnerException">They are the only owner of a project, which would have none. One that was deleted needs no owner.</exception>
    public async Task<Erasure> EraseAsync(string user, DateTimeOffset? revokeMade, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await ListOrphansAsync(connection, user, cancellation) is [var orphan, ..]) throw new LastOwnerException(orphan);
        var projects = await ListProjectsAsync(connection, user, cancellation);
        foreach (var project in projects) await ProjectStore.NoteMemberAsync(connection, project, user, role: null, cancellation);

        var revoked = revokeMade is { } now ? await ApiKeyStore.RevokeMadeAsync(connection, user, now, cancellation) : [];
        var erased = new ErasedRows(
            Invitations: await DeleteAsync("DELETE FROM invitations WHERE email_key IN (SELECT email_key FROM accounts WHERE owner = @user)"),
            Mails: await DeleteAsync("DELETE FROM mail_tokens WHERE owner = @user OR inviter = @user OR email_key IN (SELECT email_key FROM accounts WHERE owner = @user)"),
            Accounts: await DeleteAsync("DELETE FROM accounts WHERE owner = @user"),
            RecoveryCodes: await DeleteAsync("DELETE FROM recovery_codes WHERE owner = @user"),
            Sessions: await DeleteAsync("DELETE FROM sessions WHERE owner = @user"),
            Identities: await DeleteAsync("DELETE FROM external_identities WHERE owner = @user"),
            ApiKeys: await DeleteAsync("DELETE FROM api_keys WHERE owner = @user"),
            Memberships: await DeleteAsync("DELETE FROM project_members WHERE \"user\" = @user"),
            Answers: await RequestLog.ForgetAboutAsync(connection, user, cancellation)); // Also of what others did to them.
        await DeleteAsync("DELETE FROM provider_flows WHERE owner = @user");
        await DeleteAsync("DELETE FROM service_accounts WHERE owner = @user");
        await connection.Command("UPDATE users SET display_name = '', role = 'User', disabled = @yes WHERE name = @user", ("@yes", true), ("@user", user))
            .ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new Erasure(erased, revoked, projects);

        Task<int> DeleteAsync(string statement) => connection.Command(statement, ("@user", user)).ExecuteAsync(cancellation);
    }

    /// <summary>Locks a user out and revokes their keys, unless that leaves projects without an owner.</summary>
    /// <param name="user">Who.</param>
    /// <param name="orphans">Whether projects may be left without an owner.</param>
    /// <param name="keepMade">Whether the keys of others that they made stay good.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<LockOut> LockOutAsync(string user, bool orphans, bool keepMade, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var left = await ListOrphansAsync(connection, user, cancellation);
        if (left.Count > 0 && !orphans) return new LockOut(left, []);
        await connection.Command("UPDATE users SET disabled = @yes WHERE name = @user", ("@yes", true), ("@user", user)).ExecuteAsync(cancellation);
        await ApiKeyStore.RevokeAllAsync(connection, user, except: "", now, cancellation);
        var revoked = keepMade ? [] : await ApiKeyStore.RevokeMadeAsync(connection, user, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return new LockOut(left, revoked);
    }

    /// <summary>
    /// The projects that a user is the only owner of who is not locked out. Their owners do not change, and none are
    /// added to the user, until the transaction ends.
    /// </summary>
    private static async Task<IReadOnlyList<string>> ListOrphansAsync(DbConnection connection, string user, CancellationToken cancellation)
    {
        // Of two owners that leave at once, one stays.
        foreach (var project in await ListProjectsAsync(connection, user, cancellation))
            await ProjectStore.HoldAsync(connection, project, cancellation);
        await connection.Command($"SELECT 1 FROM users WHERE name = @user {SqlDialect.ForUpdate}", ("@user", user))
            .ReadAsync(_ => true, cancellation);
        return await connection.Command(
            """
            SELECT m.project FROM project_members m JOIN projects p ON p.name = m.project
            WHERE m."user" = @user AND m.role = 'Owner' AND p.delete_time IS NULL AND NOT EXISTS (
                SELECT 1 FROM project_members o JOIN users u ON u.name = o."user" WHERE o.project = m.project AND o.role = 'Owner' AND o."user" <> @user AND u.disabled = @off)
            ORDER BY m.project
            """,
            ("@user", user), ("@off", false)).ReadAsync(row => row.GetString(0), cancellation);
    }

    private static Task<List<string>> ListProjectsAsync(DbConnection connection, string user, CancellationToken cancellation) =>
        connection.Command("SELECT project FROM project_members WHERE \"user\" = @user ORDER BY project", ("@user", user)).ReadAsync(row => row.GetString(0), cancellation);
}

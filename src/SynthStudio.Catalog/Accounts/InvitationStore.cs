using System.Data.Common;

namespace SynthStudio.Catalog.Accounts;

/// <summary>Invitations to projects that nobody took up.</summary>
public sealed class InvitationStore
{
    private const string Columns = "name, project, email, email_key, role, inviter, token_hash, create_time, send_time, expire_time, decline_time";

    /// <summary>What can be taken up: in time, not declined, to a project that lives, sent by who may still invite to it.</summary>
    private const string Good = """
        decline_time IS NULL AND expire_time > @now AND EXISTS (SELECT 1 FROM projects p WHERE p.name = invitations.project AND p.delete_time IS NULL)
        AND EXISTS (SELECT 1 FROM users u WHERE u.name = inviter AND u.disabled = @off AND (u.role = 'Admin' OR EXISTS (
            SELECT 1 FROM project_members m WHERE m.project = invitations.project AND m."user" = u.name AND m.role = 'Owner')))
        """;

    private readonly DbDataSource _database;

    internal InvitationStore(DbDataSource database) => _database = database;

    /// <summary>The invitation of this name; null when there is none.</summary>
    public async Task<InvitationRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM invitations WHERE name = @name", Map, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>The invitation whose newest mail brought the token of this hash, if it can be taken up.</summary>
    public async Task<InvitationRecord?> FindGoodAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(
            $"SELECT {Columns} FROM invitations WHERE token_hash = @hash AND {Good}", Map, cancellation, ("@hash", tokenHash), ("@now", now), ("@off", false))).FirstOrDefault();

    /// <summary>Whether an address has an invitation that can be taken up.</summary>
    public async Task<bool> AnyGoodAsync(string emailKey, DateTimeOffset now, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(
            $"SELECT 1 FROM invitations WHERE email_key = @key AND {Good}", _ => true, cancellation, ("@key", emailKey), ("@now", now), ("@off", false))).Count > 0;

    /// <summary>The invitations to a project, newest first.</summary>
    public Task<Page<InvitationRecord>> ListAsync(string project, PageRequest page, CancellationToken cancellation = default) =>
        _database.ReadPageAsync($"SELECT {Columns} FROM invitations WHERE project = @project AND {Sql.PageClause}", Map, page, cancellation, ("@project", project));

    /// <summary>The invitations of an address.</summary>
    public async Task<IReadOnlyList<InvitationRecord>> ListOfAsync(string emailKey, CancellationToken cancellation = default) =>
        await _database.ReadAsync($"SELECT {Columns} FROM invitations WHERE email_key = @key ORDER BY create_time", Map, cancellation, ("@key", emailKey));

    /// <summary>Keeps an invitation unless its project has as many as it may have.</summary>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="AlreadyExistsException">The address has one to this project.</exception>
    public async Task<bool> TryCreateAsync(InvitationRecord invitation, int most, CancellationToken cancellation = default)
    {
        try
        {
            return await ProjectStore.TryAddAsync(
                _database, invitation.Project,
                $"""
                INSERT INTO invitations ({Columns})
                SELECT @name, @project, @email, @key, @role, @inviter, @hash, @created, @sent, @expires, NULL
                WHERE (SELECT count(*) FROM invitations WHERE project = @project) < @most
                """,
                cancellation, ("@name", invitation.Name), ("@project", invitation.Project), ("@email", invitation.Email), ("@key", invitation.EmailKey), ("@role", invitation.Role),
                ("@inviter", invitation.Inviter), ("@hash", invitation.TokenHash), ("@created", Microseconds.From(invitation.CreateTime)),
                ("@sent", Microseconds.From(invitation.SendTime)), ("@expires", Microseconds.From(invitation.ExpireTime)), ("@most", most));
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException($"An invitation of this address to {invitation.Project}", e);
        }
    }

    /// <summary>Gives an invitation another token and time. False when it was declined, or is gone.</summary>
    public async Task<bool> RenewAsync(InvitationRecord invitation, CancellationToken cancellation = default) => await _database.ExecuteAsync(
        "UPDATE invitations SET token_hash = @hash, inviter = @inviter, send_time = @sent, expire_time = @expires WHERE name = @name AND decline_time IS NULL", cancellation,
        ("@name", invitation.Name), ("@hash", invitation.TokenHash), ("@inviter", invitation.Inviter), ("@sent", invitation.SendTime), ("@expires", invitation.ExpireTime)) == 1;

    /// <summary>Takes an invitation back. False when there is none.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation = default) =>
        await _database.ExecuteAsync("DELETE FROM invitations WHERE name = @name", cancellation, ("@name", name)) == 1;

    /// <summary>Notes that whoever reads the address said no. False when it cannot be taken up any more.</summary>
    public async Task<bool> DeclineAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellation = default) => await _database.ExecuteAsync(
        $"UPDATE invitations SET decline_time = @now WHERE token_hash = @hash AND {Good}", cancellation, ("@hash", tokenHash), ("@now", now), ("@off", false)) == 1;

    /// <summary>
    /// Makes a user a member of the project; the invitation goes. Who is one already keeps a greater role; of auditor and
    /// viewer neither is, there the newer one is theirs.
    /// </summary>
    /// <returns>The role that they have now; null when the invitation was taken up, taken back or
    /// resent meanwhile, or the user locked out.</returns>
    public async Task<ProjectRole?> AcceptAsync(
        InvitationRecord invitation, string user, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await TakeAsync(connection, invitation, now, cancellation) || !await UserStore.HoldAsync(connection, user, cancellation)) return null;
        var role = await JoinAsync(connection, invitation, user, cancellation);
        await transaction.CommitAsync(cancellation);
        return role;
    }

    /// <summary>
    /// Makes a user with an account for who has what an invitation's mail carried, and the user a member; invitation and other
    /// mails to the address are good for nothing more.
    /// </summary>
    /// <returns>False when the invitation was taken up, taken back or resent meanwhile.</returns>
    /// <exception cref="AlreadyExistsException">The address has an account.</exception>
    public async Task<bool> RedeemAsync(
        InvitationRecord invitation, UserRecord user, AccountRecord account, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await TakeAsync(connection, invitation, now, cancellation)) return false;
        await AccountStore.AddAsync(connection, user, account, cancellation);
        await JoinAsync(connection, invitation, user.Name, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Forgets invitations whose time was over before a time.</summary>
    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellation = default) =>
        _database.ExecuteAsync("DELETE FROM invitations WHERE expire_time < @before", cancellation, ("@before", before));

    /// <summary>Of several that take an invitation up, one does. The project's members are nobody else's to change until the transaction ends.</summary>
    private static async Task<bool> TakeAsync(DbConnection connection, InvitationRecord invitation, DateTimeOffset now, CancellationToken cancellation)
    {
        await ProjectStore.HoldAsync(connection, invitation.Project, cancellation);
        return await connection.Command(
            $"DELETE FROM invitations WHERE token_hash = @hash AND {Good}", ("@hash", invitation.TokenHash), ("@now", now), ("@off", false)).ExecuteAsync(cancellation) == 1;
    }

    private static async Task<ProjectRole> JoinAsync(DbConnection connection, InvitationRecord invitation, string user, CancellationToken cancellation)
    {
        var known = await connection.Command(
            "SELECT role FROM project_members WHERE project = @project AND \"user\" = @user", ("@project", invitation.Project), ("@user", user))
            .ReadAsync(row => row.GetEnum<ProjectRole>(0), cancellation);
        if (known is [var role] && role >= ProjectRole.Editor && role >= invitation.Role) return role;
        await ProjectStore.PutMemberAsync(connection, invitation.Project, user, invitation.Role, cancellation);
        return invitation.Role;
    }

    private static InvitationRecord Map(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        Project = row.GetString(1),
        Email = row.GetString(2),
        EmailKey = row.GetString(3),
        Role = row.GetEnum<ProjectRole>(4),
        Inviter = row.GetString(5),
        TokenHash = row.GetFieldValue<byte[]>(6),
        CreateTime = row.GetTime(7),
        SendTime = row.GetTime(8),
        ExpireTime = row.GetTime(9),
        DeclineTime = row.FindTime(10),
    };
}

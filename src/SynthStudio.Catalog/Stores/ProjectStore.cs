using System.Data;
using System.Data.Common;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog;

/// <summary>Projects and who is in them.</summary>
public sealed class ProjectStore
{
    private const string Columns = "name, display_name, creator, create_time, update_time, version, retention, delete_time, purge_time";

    private const string Occupied = """
        SELECT 1 WHERE EXISTS (SELECT 1 FROM datasets WHERE project = @name) OR EXISTS (SELECT 1 FROM generators WHERE project = @name)
            OR EXISTS (SELECT 1 FROM synthetic_datasets WHERE project = @name) OR EXISTS (SELECT 1 FROM evaluations WHERE project = @name)
            OR EXISTS (SELECT 1 FROM evidence_packs WHERE project = @name)
        """;

    private readonly DbDataSource _database;

    internal ProjectStore(DbDataSource database) => _database = database;

    /// <summary>The project of this name that was not deleted; null when there is none.</summary>
    public async Task<ProjectRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        await FindAnyAsync(name, cancellation) is { DeleteTime: null } project ? project : null;

    /// <summary>The project of this name, deleted or not; null when there is none.</summary>
    public async Task<ProjectRecord?> FindAnyAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM projects WHERE name = @name", Map, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>Projects that were not deleted, newest first: those of one member, or all.</summary>
    /// <param name="member">A user's name; null lists all.</param>
    /// <param name="page">Where to start and how many.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<Page<ProjectRecord>> ListAsync(string? member, PageRequest page, CancellationToken cancellation = default) => _database.ReadPageAsync(
        $"""
        SELECT {Columns} FROM projects
        WHERE delete_time IS NULL {(member is null ? "" : "AND name IN (SELECT project FROM project_members WHERE \"user\" = @user)")} AND {Sql.PageClause}
        """,
        Map, page, cancellation, ("@user", member ?? ""));

    /// <summary>Projects that were deleted and can be brought back, newest first: those of one owner, or all.</summary>
    /// <param name="owner">A user's name; null lists all.</param>
    /// <param name="page">Where to start and how many.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<Page<ProjectRecord>> ListDeletedAsync(string? owner, PageRequest page, CancellationToken cancellation = default) => _database.ReadPageAsync(
        $"""
        SELECT {Columns} FROM projects
        WHERE delete_time IS NOT NULL {(owner is null ? "" : "AND name IN (SELECT project FROM project_members WHERE \"user\" = @user AND role = 'Owner')")}
            AND {Sql.PageClause}
        """,
        Map, page, cancellation, ("@user", owner ?? ""));

    /// <summary>Projects that were not deleted and do not keep everything for ever.</summary>
    public async Task<IReadOnlyList<ProjectRecord>> ListWithRetentionAsync(CancellationToken cancellation = default) =>
        await _database.ReadAsync($"SELECT {Columns} FROM projects WHERE delete_time IS NULL AND retention <> '{{}}' ORDER BY name", Map, cancellation);

    /// <summary>Creates a project; its creator becomes its first owner.</summary>
    /// <exception cref="AlreadyExistsException">The name is taken, or was one of a project that is gone.</exception>
    /// <exception cref="UserLockedOutException">The creator is locked out.</exception>
    public Task CreateAsync(ProjectRecord project, CancellationToken cancellation = default) => TryCreateAsync(project, most: int.MaxValue, cancellation);

    /// <summary>
    /// The same, unless its creator has made as many as they may. Those that were given away count, and those
    /// that were deleted until they are gone for good.
    /// </summary>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="AlreadyExistsException">The name is taken, or was one of a project that is gone.</exception>
    /// <exception cref="UserLockedOutException">The creator is locked out.</exception>
    public async Task<bool> TryCreateAsync(ProjectRecord project, int most, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        if ((await connection.Command("SELECT 1 FROM purged_projects WHERE name = @name", ("@name", project.Name)).ReadAsync(_ => true, cancellation)).Count > 0)
            throw new AlreadyExistsException(project.Name);
        try
        {
            await connection.Command(
                "INSERT INTO projects (name, display_name, creator, create_time, update_time, version, retention) VALUES (@name, @display, @creator, @created, @updated, @version, @retention)",
                ("@name", project.Name), ("@display", project.DisplayName), ("@creator", project.Creator), ("@created", project.CreateTime),
                ("@updated", project.UpdateTime), ("@version", project.Version), ("@retention", CatalogJson.Write(project.Retention))).ExecuteAsync(cancellation);
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException(project.Name, e);
        }

        if (most < int.MaxValue) // Of two by the same person at once, one counts the other.
            await connection.Command($"SELECT 1 FROM users WHERE name = @name {SqlDialect.ForUpdate}", ("@name", project.Creator)).ReadAsync(_ => true, cancellation);
        await UserStore.RequireAsync(connection, project.Creator, cancellation);
        if ((await connection.Command("SELECT count(*) FROM projects WHERE creator = @creator", ("@creator", project.Creator)).ReadAsync(row => row.GetInt64(0), cancellation))[0] > most)
            return false;
        await PutMemberAsync(connection, project.Name, project.Creator, ProjectRole.Owner, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Changes display name, retention and whether it is deleted, and answers the project with its new version.</summary>
    /// <exception cref="VersionConflictException">It has changed since it was read, or is gone.</exception>
    public async Task<ProjectRecord> UpdateAsync(ProjectRecord project, CancellationToken cancellation = default)
    {
        var changed = await _database.ExecuteAsync(
            """
            UPDATE projects SET display_name = @display, retention = @retention, delete_time = @deleted, purge_time = @purged, update_time = @updated, version = version + 1
            WHERE name = @name AND version = @version
            """, cancellation,
            ("@name", project.Name), ("@display", project.DisplayName), ("@retention", CatalogJson.Write(project.Retention)), ("@deleted", project.DeleteTime),
            ("@purged", project.PurgeTime), ("@updated", project.UpdateTime), ("@version", project.Version));
        return changed == 1
            ? project with { Version = project.Version + 1 }
            : throw new VersionConflictException(project.Name, project.Version);
    }

    /// <summary>Begins to remove a deleted project for good: from then on it does not come back. May be repeated. False when it is not deleted.</summary>
    public async Task<bool> BeginPurgeAsync(string name, CancellationToken cancellation = default) => await _database.ExecuteAsync(
        "UPDATE projects SET purge_time = 0, version = version + 1 WHERE name = @name AND delete_time IS NOT NULL", cancellation, ("@name", name)) == 1;

    /// <summary>Removes a project without contents for good, and its name with it. False when there is no such project that is being removed.</summary>
    /// <exception cref="ProjectNotEmptyException">Something lives in it.</exception>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if ((await connection.Command($"SELECT 1 FROM projects WHERE name = @name AND purge_time = 0 {SqlDialect.ForUpdate}", ("@name", name)).ReadAsync(_ => true, cancellation)).Count == 0)
            return false;
        if ((await connection.Command(Occupied, ("@name", name)).ReadAsync(_ => true, cancellation)).Count > 0)
            throw new ProjectNotEmptyException(name);
        await connection.Command("DELETE FROM webhook_deliveries WHERE webhook IN (SELECT name FROM webhooks WHERE project = @name)", ("@name", name))
            .ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM transfers WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM connections WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM webhooks WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        const string services = "(SELECT owner FROM service_accounts WHERE project = @name)";
        await connection.Command($"UPDATE users SET disabled = @yes WHERE name IN {services}", ("@yes", true), ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command($"DELETE FROM api_keys WHERE owner IN {services}", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM service_accounts WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM project_members WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM invitations WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM generator_aliases WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM data_policies WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM evidence_numbers WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM dataset_lines WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM assistant_consents WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM project_storage WHERE project = @name AND stored_bytes = 0", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM project_keys WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation); // What they encrypted is erased.
        await RequestLog.ForgetAboutAsync(connection, name, cancellation); // They tell names and schemas.
        await connection.Command(
            $"INSERT INTO purged_projects (name, purge_time) VALUES (@name, {SqlDialect.Now}) ON CONFLICT (name) DO NOTHING", ("@name", name)).ExecuteAsync(cancellation);
        var deleted = await connection.Command("DELETE FROM projects WHERE name = @name", ("@name", name)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return deleted > 0;
    }

    /// <summary>A user's role in a project; null when it is no member, or the project was deleted.</summary>
    public Task<ProjectRole?> FindRoleAsync(string project, string user, CancellationToken cancellation = default) =>
        FindRoleAsync(project, user, "delete_time IS NULL", cancellation);

    /// <summary>The role that a user had in a project when it was deleted; null when it was no member, or the project was not deleted.</summary>
    public Task<ProjectRole?> FindFormerRoleAsync(string project, string user, CancellationToken cancellation = default) =>
        FindRoleAsync(project, user, "delete_time IS NOT NULL", cancellation);

    /// <summary>The members of a project, by name.</summary>
    public async Task<IReadOnlyList<ProjectMemberRecord>> ListMembersAsync(string project, CancellationToken cancellation = default) =>
        await _database.ReadAsync(
            "SELECT \"user\", role FROM project_members WHERE project = @project ORDER BY \"user\"",
            row => new ProjectMemberRecord { Project = project, User = row.GetString(0), Role = row.GetEnum<ProjectRole>(1) }, cancellation,
            ("@project", project));

    /// <summary>Sets a member's role, or with null removes the member. A project keeps at least one owner who is not locked out.</summary>
    /// <param name="project">The project.</param>
    /// <param name="user">The member.</param>
    /// <param name="role">The role; null for none any more.</param>
    /// <param name="revokeMade">The current time, where the keys that they made of service accounts of the project that may do more than
    /// they now are to be revoked; null where those stay good.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Names of the keys that were revoked.</returns>
    /// <exception cref="LastOwnerException">It would leave the project without owner, or with none but such as are locked out.</exception>
    /// <exception cref="UserLockedOutException">Who would be a member is locked out.</exception>
    public async Task<IReadOnlyList<string>> SetRoleAsync(
        string project, string user, ProjectRole? role, DateTimeOffset? revokeMade = null, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await HoldAsync(connection, project, cancellation); // Of two owners that leave at once, one stays.
        var before = await ListOwnersAsync();
        if (role is { } given)
        {
            await UserStore.RequireAsync(connection, user, cancellation);
            await PutMemberAsync(connection, project, user, given, cancellation);
        }
        else
        {
            await RemoveMemberAsync(connection, project, user, cancellation);
            await NoteMemberAsync(connection, project, user, role: null, cancellation);
        }

        var revoked = revokeMade is { } now && role != ProjectRole.Owner
            ? await ApiKeyStore.RevokeMadeAsync(connection, user, project, role, now, cancellation)
            : [];
        var owners = await ListOwnersAsync();
        // Where all were locked out before, whoever is still there may be changed: it takes an administrator to make an owner.
        if (owners.Count == 0 || (before.Contains(true) && !owners.Contains(true))) throw new LastOwnerException(project);
        await transaction.CommitAsync(cancellation);
        return revoked;

        Task<List<bool>> ListOwnersAsync() => connection.Command( // Whether each is good, not locked out.
            "SELECT u.disabled FROM project_members m JOIN users u ON u.name = m.\"user\" WHERE m.project = @project AND m.role = 'Owner'", ("@project", project))
            .ReadAsync(row => !row.GetBoolean(0), cancellation);
    }

    /// <summary>
    /// Makes a user an owner of a project and the owner that gives it away an editor, whose keys of
    /// service accounts that may do more are revoked.
    /// </summary>
    /// <returns>Names of the keys that were revoked.</returns>
    /// <exception cref="NotOwnerException">Who gives it away is no owner of it.</exception>
    /// <exception cref="UserLockedOutException">Who would get it is locked out.</exception>
    public async Task<IReadOnlyList<string>> TransferAsync(string project, string from, string to, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await HoldAsync(connection, project, cancellation);
        await UserStore.RequireAsync(connection, to, cancellation);
        var given = await connection.Command(
            "UPDATE project_members SET role = 'Editor' WHERE project = @project AND \"user\" = @user AND role = 'Owner'", ("@project", project), ("@user", from))
            .ExecuteAsync(cancellation);
        if (given == 0) throw new NotOwnerException(project, from);
        await NoteMemberAsync(connection, project, from, ProjectRole.Editor, cancellation);
        await PutMemberAsync(connection, project, to, ProjectRole.Owner, cancellation);
        var revoked = await ApiKeyStore.RevokeMadeAsync(connection, from, project, ProjectRole.Editor, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return revoked;
    }

    private async Task<ProjectRole?> FindRoleAsync(string project, string user, string condition, CancellationToken cancellation)
    {
        var roles = await _database.ReadAsync(
            $"""
            SELECT role FROM project_members
            WHERE project = @project AND "user" = @user AND EXISTS (SELECT 1 FROM projects WHERE name = @project AND {condition})
            """,
            row => row.GetEnum<ProjectRole>(0), cancellation, ("@project", project), ("@user", user));
        return roles.Count == 0 ? null : roles[0];
    }

    /// <summary>Nobody else changes the project or its members until the transaction ends.</summary>
    internal static Task HoldAsync(DbConnection connection, string project, CancellationToken cancellation) =>
        connection.Command($"SELECT 1 FROM projects WHERE name = @project {SqlDialect.ForUpdate}", ("@project", project)).ReadAsync(_ => true, cancellation);

    /// <summary>Adds a row to a project by a statement that counts what there is: of several at once each counts those before it.</summary>
    /// <returns>Whether there was room.</returns>
    internal static Task<bool> TryAddAsync(
        DbDataSource database, string project, string statement, CancellationToken cancellation,
        params (string Name, object? Value)[] values) =>
        TryAddAsync(database, project, statement, _ => Task.CompletedTask, cancellation, values);

    /// <summary>The same, and notes in the same transaction what that means, if there was room.</summary>
    internal static async Task<bool> TryAddAsync(
        DbDataSource database, string project, string statement, Func<DbConnection, Task> note, CancellationToken cancellation,
        params (string Name, object? Value)[] values)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await HoldAsync(connection, project, cancellation);
        var isAdded = await connection.Command(statement, values).ExecuteAsync(cancellation) == 1;
        if (isAdded) await note(connection);
        await transaction.CommitAsync(cancellation);
        return isAdded;
    }

    /// <summary>Makes a user a member, or gives one another role.</summary>
    internal static async Task PutMemberAsync(DbConnection connection, string project, string user, ProjectRole role, CancellationToken cancellation)
    {
        await RemoveMemberAsync(connection, project, user, cancellation);
        await connection.Command(
            "INSERT INTO project_members (project, \"user\", role) VALUES (@project, @user, @role)",
            ("@project", project), ("@user", user), ("@role", role)).ExecuteAsync(cancellation);
        await NoteMemberAsync(connection, project, user, role, cancellation);
    }

    /// <summary>Tells webhooks of a member's new role; null for none any more.</summary>
    internal static async Task NoteMemberAsync(DbConnection connection, string project, string user, ProjectRole? role, CancellationToken cancellation)
    {
        var now = await connection.Command($"SELECT {SqlDialect.Now}").ReadAsync(row => row.GetTime(0), cancellation);
        await WebhookOutbox.NoteAsync(connection, WebhookEvent.OfMember(project, user, role, now[0]), cancellation);
    }

    private static Task<int> RemoveMemberAsync(DbConnection connection, string project, string user, CancellationToken cancellation) =>
        connection.Command("DELETE FROM project_members WHERE project = @project AND \"user\" = @user", ("@project", project), ("@user", user)).ExecuteAsync(cancellation);

    private static ProjectRecord Map(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        DisplayName = row.GetString(1),
        Creator = row.GetString(2),
        CreateTime = row.GetTime(3),
        UpdateTime = row.GetTime(4),
        Version = row.GetInt64(5),
        Retention = CatalogJson.Read<RetentionPolicy>(row.GetString(6)),
        DeleteTime = row.FindTime(7),
        PurgeTime = row.FindTime(8),
    };
}

using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>Projects and who is in them.</summary>
public sealed class ProjectStore
{
    private const string Columns = "name, display_name, creator, create_time, update_time, version";

    private const string Occupied = """
        SELECT 1 WHERE EXISTS (SELECT 1 FROM datasets WHERE project = @name) OR EXISTS (SELECT 1 FROM generators WHERE project = @name)
            OR EXISTS (SELECT 1 FROM synthetic_datasets WHERE project = @name) OR EXISTS (SELECT 1 FROM evaluations WHERE project = @name)
        """;

    private readonly DbDataSource _database;

    internal ProjectStore(DbDataSource database) => _database = database;

    /// <summary>The project of this name; null when there is none.</summary>
    public async Task<ProjectRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM projects WHERE name = @name", Map, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>Projects, newest first: those of one member, or all.</summary>
    /// <param name="member">A user's name; null lists all.</param>
    /// <param name="page">Where to start and how many.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<Page<ProjectRecord>> ListAsync(string? member, PageRequest page, CancellationToken cancellation = default) => member is null
        ? _database.ReadPageAsync($"SELECT {Columns} FROM projects WHERE {Sql.PageClause}", Map, page, cancellation)
        : _database.ReadPageAsync(
            $"SELECT {Columns} FROM projects WHERE name IN (SELECT project FROM project_members WHERE \"user\" = @user) AND {Sql.PageClause}",
            Map, page, cancellation, ("@user", member));

    /// <summary>Creates a project; its creator becomes its first owner.</summary>
    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public async Task CreateAsync(ProjectRecord project, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await connection.Command(
                $"INSERT INTO projects ({Columns}) VALUES (@name, @display, @creator, @created, @updated, @version)",
                ("@name", project.Name), ("@display", project.DisplayName), ("@creator", project.Creator), ("@created", project.CreateTime),
                ("@updated", project.UpdateTime), ("@version", project.Version)).ExecuteAsync(cancellation);
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException(project.Name, e);
        }

        await AddMemberAsync(connection, project.Name, project.Creator, ProjectRole.Owner, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Changes the display name and answers the project with its new version.</summary>
    /// <exception cref="VersionConflictException">It has changed since it was read, or is gone.</exception>
    public async Task<ProjectRecord> UpdateAsync(ProjectRecord project, CancellationToken cancellation = default)
    {
        var changed = await _database.ExecuteAsync(
            """
            UPDATE projects SET display_name = @display, update_time = @updated, version = version + 1
            WHERE name = @name AND version = @version
            """, cancellation,
            ("@name", project.Name), ("@display", project.DisplayName), ("@updated", project.UpdateTime), ("@version", project.Version));
        return changed == 1
            ? project with { Version = project.Version + 1 }
            : throw new VersionConflictException(project.Name, project.Version);
    }

    /// <summary>Deletes a project without contents. False when there is no such project.</summary>
    /// <exception cref="ProjectNotEmptyException">Something lives in it.</exception>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if ((await connection.Command(Occupied, ("@name", name)).ReadAsync(_ => true, cancellation)).Count > 0)
            throw new ProjectNotEmptyException(name);
        await connection.Command("DELETE FROM project_members WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM project_keys WHERE project = @name", ("@name", name)).ExecuteAsync(cancellation); // What they encrypted is erased.
        var deleted = await connection.Command("DELETE FROM projects WHERE name = @name", ("@name", name)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return deleted > 0;
    }

    /// <summary>A user's role in a project; null when it is no member.</summary>
    public async Task<ProjectRole?> FindRoleAsync(string project, string user, CancellationToken cancellation = default)
    {
        var roles = await _database.ReadAsync(
            "SELECT role FROM project_members WHERE project = @project AND \"user\" = @user", row => row.GetEnum<ProjectRole>(0), cancellation,
            ("@project", project), ("@user", user));
        return roles.Count == 0 ? null : roles[0];
    }

    /// <summary>The members of a project, by name.</summary>
    public async Task<IReadOnlyList<ProjectMemberRecord>> ListMembersAsync(string project, CancellationToken cancellation = default) =>
        await _database.ReadAsync(
            "SELECT \"user\", role FROM project_members WHERE project = @project ORDER BY \"user\"",
            row => new ProjectMemberRecord { Project = project, User = row.GetString(0), Role = row.GetEnum<ProjectRole>(1) }, cancellation,
            ("@project", project));

    /// <summary>Sets a member's role, or with null removes the member. A project keeps at least one owner.</summary>
    /// <exception cref="LastOwnerException">It would leave the project without owner.</exception>
    public async Task SetRoleAsync(string project, string user, ProjectRole? role, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Command($"SELECT 1 FROM projects WHERE name = @project {SqlDialect.ForUpdate}", ("@project", project))
            .ReadAsync(_ => true, cancellation); // Of two owners that leave at once, one stays.
        await connection.Command("DELETE FROM project_members WHERE project = @project AND \"user\" = @user", ("@project", project), ("@user", user))
            .ExecuteAsync(cancellation);
        if (role is { } given) await AddMemberAsync(connection, project, user, given, cancellation);
        var owners = await connection.Command(
            "SELECT 1 FROM project_members WHERE project = @project AND role = 'Owner'", ("@project", project)).ReadAsync(_ => true, cancellation);
        if (owners.Count == 0) throw new LastOwnerException(project);
        await transaction.CommitAsync(cancellation);
    }

    private static Task<int> AddMemberAsync(
        DbConnection connection, string project, string user, ProjectRole role, CancellationToken cancellation) =>
        connection.Command(
            "INSERT INTO project_members (project, \"user\", role) VALUES (@project, @user, @role)",
            ("@project", project), ("@user", user), ("@role", role)).ExecuteAsync(cancellation);

    private static ProjectRecord Map(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        DisplayName = row.GetString(1),
        Creator = row.GetString(2),
        CreateTime = row.GetTime(3),
        UpdateTime = row.GetTime(4),
        Version = row.GetInt64(5),
    };
}

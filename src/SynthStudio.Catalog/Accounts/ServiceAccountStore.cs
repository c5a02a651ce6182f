using System.Data.Common;

namespace SynthStudio.Catalog.Accounts;

/// <summary>Service accounts of projects.</summary>
public sealed class ServiceAccountStore
{
    private const string Columns = "name, project, owner, display_name, creator, create_time";

    private readonly DbDataSource _database;

    internal ServiceAccountStore(DbDataSource database) => _database = database;

    public async Task<ServiceAccountRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM service_accounts WHERE name = @name", Map, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>The account that a user is of; null for a person.</summary>
    public async Task<ServiceAccountRecord?> FindByOwnerAsync(string user, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM service_accounts WHERE owner = @user", Map, cancellation, ("@user", user))).FirstOrDefault();

    public Task<Page<ServiceAccountRecord>> ListAsync(string project, PageRequest page, CancellationToken cancellation = default) => _database.ReadPageAsync(
        $"SELECT {Columns} FROM service_accounts WHERE project = @project AND {Sql.PageClause}", Map, page, cancellation, ("@project", project));

    /// <summary>The project that a user works in who is a program's; null for a person.</summary>
    public async Task<string?> FindProjectAsync(string user, CancellationToken cancellation = default) =>
        (await _database.ReadAsync("SELECT project FROM service_accounts WHERE owner = @user", row => row.GetString(0), cancellation, ("@user", user))).FirstOrDefault();

    /// <summary>Whether a user is a program's.</summary>
    public async Task<bool> IsProgramAsync(string user, CancellationToken cancellation = default) =>
        (await _database.ReadAsync("SELECT 1 FROM service_accounts WHERE owner = @user", _ => true, cancellation, ("@user", user))).Count > 0;

    /// <summary>Makes the account with its user, a member of the project, unless the project has as many as it may have.</summary>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public async Task<bool> TryCreateAsync(ServiceAccountRecord account, ProjectRole role, int most, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ProjectStore.HoldAsync(connection, account.Project, cancellation); // Of several at once each counts those before it.
        try
        {
            await connection.Command(
                $"INSERT INTO users ({UserStore.Columns}) VALUES (@name, @display, @role, @disabled, @created)", ("@name", account.Owner), ("@display", account.DisplayName),
                ("@role", UserRole.User), ("@disabled", false), ("@created", account.CreateTime)).ExecuteAsync(cancellation);
            await connection.Command(
                $"INSERT INTO service_accounts ({Columns}) VALUES (@name, @project, @owner, @display, @creator, @created)", ("@name", account.Name), ("@project", account.Project),
                ("@owner", account.Owner), ("@display", account.DisplayName), ("@creator", account.Creator), ("@created", account.CreateTime)).ExecuteAsync(cancellation);
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException(account.Name, e);
        }

        var there = await connection.Command("SELECT count(*) FROM service_accounts WHERE project = @project", ("@project", account.Project)).ReadAsync(row => row.GetInt64(0), cancellation);
        if (there[0] > most) return false;
        await ProjectStore.PutMemberAsync(connection, account.Project, account.Owner, role, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Takes the account away: its user is locked out, with all keys, and no member any more.</summary>
    public async Task DeleteAsync(ServiceAccountRecord account, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ProjectStore.HoldAsync(connection, account.Project, cancellation); // Nobody gives it a role at the same time.
        await connection.Command("DELETE FROM service_accounts WHERE name = @name", ("@name", account.Name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM project_members WHERE \"user\" = @user", ("@user", account.Owner)).ExecuteAsync(cancellation);
        await ProjectStore.NoteMemberAsync(connection, account.Project, account.Owner, role: null, cancellation);
        await connection.Command("UPDATE users SET disabled = @yes WHERE name = @user", ("@yes", true), ("@user", account.Owner)).ExecuteAsync(cancellation);
        await connection.Command("UPDATE api_keys SET revoke_time = coalesce(revoke_time, @now) WHERE owner = @user", ("@now", now), ("@user", account.Owner))
            .ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static ServiceAccountRecord Map(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        Project = row.GetString(1),
        Owner = row.GetString(2),
        DisplayName = row.GetString(3),
        Creator = row.GetString(4),
        CreateTime = row.GetTime(5),
    };
}

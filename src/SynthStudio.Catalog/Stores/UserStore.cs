using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>Users.</summary>
public sealed class UserStore
{
    internal const string Columns = "name, display_name, role, disabled, create_time";

    private readonly DbDataSource _database;

    internal UserStore(DbDataSource database) => _database = database;

    /// <summary>The user of this name; null when there is none.</summary>
    public async Task<UserRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM users WHERE name = @name", row => Map(row), cancellation, ("@name", name)))
            .FirstOrDefault();

    /// <summary>All users, newest first.</summary>
    public Task<Page<UserRecord>> ListAsync(PageRequest page, CancellationToken cancellation = default) =>
        _database.ReadPageAsync($"SELECT {Columns} FROM users WHERE {Sql.PageClause}", row => Map(row), page, cancellation);

    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public async Task CreateAsync(UserRecord user, CancellationToken cancellation = default)
    {
        try
        {
            await _database.ExecuteAsync(
                $"INSERT INTO users ({Columns}) VALUES (@name, @display, @role, @disabled, @created)", cancellation,
                ("@name", user.Name), ("@display", user.DisplayName), ("@role", user.Role), ("@disabled", user.Disabled),
                ("@created", user.CreateTime));
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException(user.Name, e);
        }
    }

    /// <summary>
    /// Whether a user is there and not locked out. If so it stays until the transaction ends: who adds something that tells of a person holds them, so that
    /// nothing comes after they were erased.
    /// </summary>
    internal static async Task<bool> HoldAsync(DbConnection connection, string name, CancellationToken cancellation) => (await connection.Command(
        $"SELECT 1 FROM users WHERE name = @name AND disabled = @off {SqlDialect.ForShare}", ("@name", name), ("@off", false)).ReadAsync(_ => true, cancellation)).Count == 1;

    /// <summary>The same for who cannot go on without.</summary>
    /// <exception cref="UserLockedOutException">The user is not there, or locked out.</exception>
    internal static async Task RequireAsync(DbConnection connection, string name, CancellationToken cancellation)
    {
        if (!await HoldAsync(connection, name, cancellation)) throw new UserLockedOutException(name);
    }

    internal static UserRecord Map(DbDataReader row, int first = 0) => new()
    {
        Name = row.GetString(first),
        DisplayName = row.GetString(first + 1),
        Role = row.GetEnum<UserRole>(first + 2),
        Disabled = row.GetBoolean(first + 3),
        CreateTime = row.GetTime(first + 4),
    };
}

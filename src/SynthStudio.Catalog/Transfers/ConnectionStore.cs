using System.Data.Common;
using System.Text;
using SynthStudio.Catalog.Secrets;
using SynthStudio.Storage;

namespace SynthStudio.Catalog.Transfers;

/// <summary>Connections that owners of projects configured, and the sealing of secrets.</summary>
public sealed class ConnectionStore
{
    private const string Columns = "name, project, display_name, endpoint, sealed_secret, creator, create_time";

    /// <summary>Where secrets of connections are stored, and those that transfers brought.</summary>
    internal static readonly SealedColumn
        Connections = new(SecretKind.Connection, "connections", "name", "sealed_secret", (name, _) => PurposeOf(name)),
        Transfers = new(SecretKind.Transfer, "transfers", "name", "sealed_secret", (name, _) => PurposeOf(name));

    private readonly DbDataSource _database;
    private readonly MasterKey _master;

    internal ConnectionStore(DbDataSource database, MasterKey master) => (_database, _master) = (database, master);

    /// <summary>Seals the secret of a connection, or of a transfer that brings its own.</summary>
    /// <param name="secret">It.</param>
    /// <param name="owner">Resource name of what it belongs to.</param>
    public byte[] Seal(string secret, string owner) => _master.Seal(Encoding.UTF8.GetBytes(secret), PurposeOf(owner));

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="SealBrokenException">It is not that.</exception>
    public string Open(byte[] sealedSecret, string owner) => Encoding.UTF8.GetString(_master.Open(sealedSecret, PurposeOf(owner)));

    /// <summary>The connection of this name; null when there is none.</summary>
    public async Task<ConnectionRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM connections WHERE name = @name", Map, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>The connections of a project, newest first.</summary>
    public Task<Page<ConnectionRecord>> ListAsync(string project, PageRequest page, CancellationToken cancellation = default) =>
        _database.ReadPageAsync($"SELECT {Columns} FROM connections WHERE project = @project AND {Sql.PageClause}", Map, page, cancellation, ("@project", project));

    /// <summary>Creates a connection unless its project has as many as it may have.</summary>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public async Task<bool> TryCreateAsync(ConnectionRecord connection, int most, CancellationToken cancellation = default)
    {
        try
        {
            return await ProjectStore.TryAddAsync(
                _database, connection.Project,
                $"""
                INSERT INTO connections ({Columns}) SELECT @name, @project, @display, @endpoint, @secret, @creator, @created
                WHERE (SELECT count(*) FROM connections WHERE project = @project) < @most
                """,
                cancellation, ("@name", connection.Name), ("@project", connection.Project), ("@display", connection.DisplayName),
                ("@endpoint", CatalogJson.Write(connection.Endpoint)), ("@secret", connection.SealedSecret), ("@creator", connection.Creator),
                ("@created", connection.CreateTime), ("@most", most));
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException(connection.Name, e);
        }
    }

    /// <summary>Deletes a connection with its secret. False when there is none.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation = default) =>
        await _database.ExecuteAsync("DELETE FROM connections WHERE name = @name", cancellation, ("@name", name)) == 1;

    private static string PurposeOf(string owner) => $"secret of {owner}";

    private static ConnectionRecord Map(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        Project = row.GetString(1),
        DisplayName = row.GetString(2),
        Endpoint = CatalogJson.Read<TransferEndpoint>(row.GetString(3)),
        SealedSecret = row.GetFieldValue<byte[]>(4),
        Creator = row.GetString(5),
        CreateTime = row.GetTime(6),
    };
}

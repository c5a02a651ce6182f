using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using SynthStudio.Catalog.Secrets;
using SynthStudio.Storage;

namespace SynthStudio.Catalog;

/// <summary>
/// Keys of projects, sealed by the master key. They are remembered for a minute: within that time after a project was deleted, and its keys with it, nothing
/// reads its objects any more, though their bytes may lie in backups for ever.
/// </summary>
public sealed class ProjectKeyStore : IProjectKeys
{
    private const int Capacity = 10_000;

    /// <summary>Where they are stored.</summary>
    internal static readonly SealedColumn Column = new(
        SecretKind.ProjectKey, "project_keys", "id", "sealed_key", (id, project) => PurposeOf(Guid.ParseExact(id, "N"), project))
    {
        Owner = "project"
    };

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly DbDataSource _database;
    private readonly MasterKey _master;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Remembered> _current = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Remembered> _byId = new();

    internal ProjectKeyStore(DbDataSource database, MasterKey master, TimeProvider time) => (_database, _master, _time) = (database, master, time);

    public async ValueTask<ProjectKey> CurrentAsync(string project, CancellationToken cancellation)
    {
        if (_current.TryGetValue(project, out var known) && IsFresh(known)) return known.Key!;
        while (true)
        {
            var newest = await ReadAsync("WHERE project = @project ORDER BY number DESC LIMIT 1", cancellation, ("@project", project));
            if (newest is [var row]) return Remember(row);
            await AddAsync(project, 1, cancellation);
        }
    }

    public async ValueTask<ProjectKey?> FindAsync(Guid id, CancellationToken cancellation)
    {
        if (_byId.TryGetValue(id, out var known) && IsFresh(known)) return known.Key;
        var found = await ReadAsync("WHERE id = @id", cancellation, ("@id", id.ToString("N")));
        if (_byId.Count >= Capacity) _byId.Clear();
        return (_byId[id] = new(found is [var row] ? Open(row) : null, _time.GetTimestamp())).Key;
    }

    /// <summary>Gives a project a new key, for what is put from now on; elsewhere within a minute. What there is stays readable by the earlier ones.</summary>
    public async Task RotateAsync(string project, CancellationToken cancellation = default)
    {
        await CurrentAsync(project, cancellation);
        var numbers = await _database.ReadAsync("SELECT MAX(number) FROM project_keys WHERE project = @project", row => row.GetInt64(0), cancellation, ("@project", project));
        await AddAsync(project, numbers.Single() + 1, cancellation);
        _current.TryRemove(project, out _);
    }

    private Task<int> AddAsync(string project, long number, CancellationToken cancellation)
    {
        var id = Guid.NewGuid();
        return AskAsync(_database.ExecuteAsync(
            "INSERT INTO project_keys (id, project, number, sealed_key, create_time) VALUES (@id, @project, @number, @key, @now) ON CONFLICT (project, number) DO NOTHING",
            cancellation, ("@id", id.ToString("N")), ("@project", project), ("@number", number),
            ("@key", _master.Seal(RandomNumberGenerator.GetBytes(MasterKey.Bytes), PurposeOf(id, project))), ("@now", _time.GetUtcNow())));
    }

    private Task<List<Row>> ReadAsync(string where, CancellationToken cancellation, params (string, object?)[] parameters) =>
        AskAsync(_database.ReadAsync(
            $"SELECT id, project, sealed_key FROM project_keys {where}",
            row => new Row(Guid.ParseExact(row.GetString(0), "N"), row.GetString(1), row.GetFieldValue<byte[]>(2)),
            cancellation, parameters));

    /// <summary>Who reads and writes objects knows of no database: without one, objects are away.</summary>
    private static async Task<T> AskAsync<T>(Task<T> request)
    {
        try
        {
            return await request;
        }
        catch (DbException e)
        {
            throw new StorageUnavailableException(
                "The database does not give the keys of objects; try again later.", e, isRefusal: !DatabaseOutage.Is(e));
        }
    }

    private ProjectKey Remember(Row row)
    {
        if (_current.Count >= Capacity) _current.Clear();
        var key = Open(row);
        _current[row.Project] = new(key, _time.GetTimestamp());
        return key;
    }

    private ProjectKey Open(Row row) => new(row.Id, _master.Open(row.Sealed, PurposeOf(row.Id, row.Project)));

    private bool IsFresh(Remembered known) => _time.GetElapsedTime(known.Timestamp) < Lifetime;

    private static string PurposeOf(Guid id, string project) => $"key {id:N} of {project}";

    private sealed record Row(Guid Id, string Project, byte[] Sealed);

    private sealed record Remembered(ProjectKey? Key, long Timestamp);
}

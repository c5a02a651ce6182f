using System.Data;
using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>
/// How many bytes projects keep: data sets with their profiles and previews, analyses, models and checkpoints, drawn rows, reports, evidence packs, and what jobs
/// hold. Uploads claim their bytes before they are among these, one upload of a project after the other; a claim is in the upload's own row and counts while that
/// is open, so that it ends with what it is for, whatever dies.
/// </summary>
public sealed class ProjectStorage
{
    /// <summary>Columns with references to objects, and whether a row of theirs was deleted and can be brought back.</summary>
    private static readonly (string Table, string Column, string Deleted)[] Columns =
    [
        ("datasets", "object", Deletable), ("datasets", "profile", Deletable), ("datasets", "preview", Deletable), ("analyses", "result", "0"),
        ("generators", "snapshot", Deletable), ("synthetic_datasets", "parts", Deletable), ("evaluations", "report", "0"), ("evidence_packs", "files", "0"), ("jobs", "snapshot", OfJob),
    ];

    /// <summary>What a job made is deleted with what it made it for: the job has no say in it.</summary>
    private const string OfJob = "3";

    private const string Deletable = "CASE WHEN delete_time IS NULL THEN 0 ELSE 1 END";
    private const string HoldProject = $"SELECT name FROM projects WHERE name = @project {SqlDialect.ForUpdate}";
    private const string Claim = "UPDATE uploads SET claimed_size = @bytes WHERE name = @upload AND state = 'Open'";

    private readonly DbDataSource _database;

    // One statement reads one state of the database: what leaves the uploads for the objects is among either, and never among none.
    private readonly string _read;

    internal ProjectStorage(DbDataSource database)
    {
        var dialect = SqlDialect.Of(database);
        _database = database;
        _read = string.Join(" UNION ALL ", Columns.Select(c => dialect.ObjectSizes(c.Table, c.Column, c.Deleted)))
            + " UNION ALL SELECT name, claimed_size, object_key, 2 FROM uploads WHERE project = @project AND state = 'Open' AND claimed_size > 0";
    }

    /// <summary>What a project keeps, and what its open uploads claim.</summary>
    public async Task<StoredBytes> ReadAsync(string project, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        return await ReadAsync(connection, project, except: null, cancellation);
    }

    /// <summary>Has an open upload claim bytes in the place of what it claimed before, if they fit beside all that is stored and that others claim.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="bytes">What it claims.</param>
    /// <param name="limit">What its project may have, in bytes; 0 for any number.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it did, and what there is without its claim.</returns>
    public async Task<(bool Fits, StoredBytes Others)> TryClaimAsync(UploadRecord upload, long bytes, long limit, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await connection.Command(HoldProject, ("@project", upload.Project)).ReadAsync(row => row.GetString(0), cancellation);
        var others = limit == 0 ? default : await ReadAsync(connection, upload.Project, upload.Name, cancellation);
        if (limit > 0 && bytes > others.LeftOf(limit)) return (false, others);
        await connection.Command(Claim, ("@upload", upload.Name), ("@bytes", bytes)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (true, others);
    }

    private async Task<StoredBytes> ReadAsync(DbConnection connection, string project, string? except, CancellationToken cancellation)
    {
        var objects = new Dictionary<string, (long Size, bool IsDeleted)>(StringComparer.Ordinal);
        var ofJobs = new Dictionary<string, long>(StringComparer.Ordinal);
        var claims = new List<(string Upload, long Bytes, string Key)>();
        foreach (var (name, size, key, kind) in await connection.Command(_read, ("@project", project))
                     .ReadAsync(row => (row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3)), cancellation))
        {
            if (kind == 2) claims.Add((name, size, key));
            else if (kind == 3) ofJobs.TryAdd(name, size);
            else objects[name] = (size, kind == 1 && (!objects.TryGetValue(name, out var known) || known.IsDeleted));
        }

        foreach (var (name, size) in ofJobs) objects.TryAdd(name, (size, false));
        return new StoredBytes(
            objects.Values.Sum(o => o.Size), objects.Values.Where(o => o.IsDeleted).Sum(o => o.Size),
            claims.Where(claim => claim.Upload != except && !objects.ContainsKey(claim.Key)).Sum(claim => claim.Bytes));
    }
}

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
    private const string Claim = "UPDATE uploads SET claimed_size = CASE WHEN claimed_size > @bytes THEN claimed_size ELSE @bytes END WHERE name = @upload AND state = 'Open'";

    /// <summary>What open uploads claim, and how many have become objects.</summary>
    private const string OfUploads = """
        SELECT name, claimed_size, object_key, 2 FROM uploads WHERE project = @project AND state = 'Open' AND claimed_size > 0
        UNION ALL SELECT '', count(*), '', 4 FROM uploads WHERE project = @project AND state = 'Finished'
        """;

    private readonly DbDataSource _database;

    // One statement reads one state of the database: what leaves the uploads for the objects is among either, and never among none.
    private readonly string _read;

    internal ProjectStorage(DbDataSource database)
    {
        var dialect = SqlDialect.Of(database);
        _database = database;
        _read = string.Join(" UNION ALL ", Columns.Select(c => dialect.ObjectSizes(c.Table, c.Column, c.Deleted))) + " UNION ALL " + OfUploads;
    }

    /// <summary>What a project keeps, and what its open uploads claim.</summary>
    public async Task<StoredBytes> ReadAsync(string project, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        return (await ReadAsync(connection, _read, project, cancellation)).Total(except: null);
    }

    /// <summary>
    /// Has an open upload claim bytes, if they fit beside all that is stored and that others claim, and as many as fit of those that it would like to claim ahead.
    /// What it claimed before it keeps: others may build on it.
    /// </summary>
    /// <param name="upload">The upload.</param>
    /// <param name="bytes">What it needs to claim.</param>
    /// <param name="ahead">What it would like to claim, so that it does not ask again soon.</param>
    /// <param name="limit">What its project may have, in bytes; 0 for any number.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>What it claims now, null when it does not fit, and what there is without its claim.</returns>
    public async Task<(long? Claimed, StoredBytes Others)> TryClaimAsync(
        UploadRecord upload, long bytes, long ahead, long limit, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        // The more a project has, the longer this takes: nobody waits for it who holds the project.
        var kept = limit == 0 ? null : await ReadAsync(connection, _read, upload.Project, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await connection.Command(HoldProject, ("@project", upload.Project)).ReadAsync(row => row.GetString(0), cancellation);
        StoredBytes others = default;
        if (kept is not null)
        {
            var uploads = await ReadAsync(connection, OfUploads, upload.Project, cancellation);
            // What left the uploads for the objects meanwhile would be among neither.
            kept = uploads.Finished == kept.Finished ? kept with { Claims = uploads.Claims } : await ReadAsync(connection, _read, upload.Project, cancellation);
            others = kept.Total(upload.Name);
            if (bytes > others.LeftOf(limit)) return (null, others);
            ahead = Math.Min(ahead, others.LeftOf(limit));
        }

        var claimed = Math.Max(bytes, ahead);
        await connection.Command(Claim, ("@upload", upload.Name), ("@bytes", claimed)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (Math.Max(claimed, upload.ClaimedSize), others);
    }

    private static async Task<Reading> ReadAsync(DbConnection connection, string query, string project, CancellationToken cancellation)
    {
        var objects = new Dictionary<string, (long Size, bool IsDeleted)>(StringComparer.Ordinal);
        var ofJobs = new Dictionary<string, long>(StringComparer.Ordinal);
        var claims = new List<(string Upload, long Bytes, string Key)>();
        var finished = 0L;
        foreach (var (name, size, key, kind) in await connection.Command(query, ("@project", project))
                     .ReadAsync(row => (row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3)), cancellation))
        {
            if (kind == 4) finished = size;
            else if (kind == 2) claims.Add((name, size, key));
            else if (kind == 3) ofJobs.TryAdd(name, size);
            else objects[name] = (size, kind == 1 && (!objects.TryGetValue(name, out var known) || known.IsDeleted));
        }

        foreach (var (name, size) in ofJobs) objects.TryAdd(name, (size, false));
        return new(objects, claims, finished);
    }

    /// <summary>One state of a project.</summary>
    /// <param name="Objects">What it keeps, by key.</param>
    /// <param name="Claims">What its open uploads claim.</param>
    /// <param name="Finished">How many of its uploads have become objects.</param>
    private sealed record Reading(Dictionary<string, (long Size, bool IsDeleted)> Objects, List<(string Upload, long Bytes, string Key)> Claims, long Finished)
    {
        public StoredBytes Total(string? except) => new(
            Objects.Values.Sum(o => o.Size), Objects.Values.Where(o => o.IsDeleted).Sum(o => o.Size),
            Claims.Where(claim => claim.Upload != except && !Objects.ContainsKey(claim.Key)).Sum(claim => claim.Bytes));
    }
}

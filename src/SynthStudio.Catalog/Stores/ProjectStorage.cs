using System.Data;
using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>
/// How many bytes projects keep: data sets with their profiles and previews, analyses, models and checkpoints, drawn rows, reports,
/// evidence packs, and what jobs hold. The database sums them up itself, by triggers in the transaction that writes what refers to an
/// object (<c>stored_sums.sql</c>): whoever writes, and whatever dies, the sum is that of the rows, and reading it takes as long for one
/// job as for a million. Uploads claim their bytes before they are among these, one upload of a project after the other; a claim is in the
/// upload's own row and counts while that is open, so that it ends with what it is for.
/// </summary>
public sealed class ProjectStorage
{
    private const string HoldProject = $"SELECT name FROM projects WHERE name = @project {SqlDialect.ForUpdate}";
    private const string Claim = "UPDATE uploads SET claimed_size = CASE WHEN claimed_size > @bytes THEN claimed_size ELSE @bytes END WHERE name = @upload AND state = 'Open'";

    /// <summary>One statement reads one state of the database: what leaves the uploads for the objects is among either, and never among none.</summary>
    private const string Kept = """
        SELECT coalesce((SELECT stored_bytes FROM project_storage WHERE project = @project), 0),
            coalesce((SELECT deleted_bytes FROM project_storage WHERE project = @project), 0),
            CAST(coalesce((
                SELECT sum(u.claimed_size) FROM uploads u
                WHERE u.project = @project AND u.state = 'Open' AND u.name <> @except
                    AND NOT EXISTS (SELECT 1 FROM stored_objects o WHERE o.project = u.project AND o.object_key = u.object_key)), 0) AS bigint)
        """;

    private readonly DbDataSource _database;

    internal ProjectStorage(DbDataSource database) => _database = database;

    /// <summary>What a project keeps, and what its open uploads claim.</summary>
    public async Task<StoredBytes> ReadAsync(string project, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        return await ReadAsync(connection, project, except: "", cancellation);
    }

    /// <summary>
    /// Has an open upload claim bytes, if they fit beside all that is stored and that others claim, and as many as fit of those that it
    /// would like to claim ahead. What it claimed before it keeps: others may build on it.
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
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await connection.Command(HoldProject, ("@project", upload.Project)).ReadAsync(row => row.GetString(0), cancellation);
        StoredBytes others = default;
        if (limit != 0)
        {
            others = await ReadAsync(connection, upload.Project, upload.Name, cancellation);
            if (bytes > others.LeftOf(limit)) return (null, others);
            ahead = Math.Min(ahead, others.LeftOf(limit));
        }

        var claimed = Math.Max(bytes, ahead);
        await connection.Command(Claim, ("@upload", upload.Name), ("@bytes", claimed)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (Math.Max(claimed, upload.ClaimedSize), others);
    }

    private static async Task<StoredBytes> ReadAsync(DbConnection connection, string project, string except, CancellationToken cancellation) =>
        (await connection.Command(Kept, ("@project", project), ("@except", except))
            .ReadAsync(row => new StoredBytes(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancellation)).Single();
}

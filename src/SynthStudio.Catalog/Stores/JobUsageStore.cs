using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>
/// What jobs took, by project: noted once for each job, when it ends, and kept when the job is deleted. What
/// they took of accelerators the lease store notes.
/// </summary>
public sealed class JobUsageStore
{
    private const string Note = """
        INSERT INTO job_usage (job, project, kind, end_time, milliseconds, accelerator, rows_made, bytes_made)
        VALUES (@job, @project, @kind, @ended, @milliseconds, @accelerator, @rows, @bytes) ON CONFLICT (job) DO NOTHING
        """;

    private readonly DbDataSource _database;

    internal JobUsageStore(DbDataSource database) => _database = database;

    /// <summary>What jobs took that ended in a time, by project and kind, and what leases that ended then took of accelerators.</summary>
    /// <param name="project">One project; null for all.</param>
    /// <param name="from">From then on.</param>
    /// <param name="until">Before this.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<JobUsage>> ListAsync(string? project, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default)
    {
        var which = $"end_time >= @from AND end_time < @until {(project is null ? "" : "AND project = @project")}";
        return await _database.ReadAsync(
            $"""
            SELECT project, kind, CAST(sum(jobs) AS bigint), CAST(sum(milliseconds) AS bigint), CAST(sum(on_accelerator) AS bigint), CAST(sum(rows_made) AS bigint),
                CAST(sum(bytes_made) AS bigint)
            FROM (
                SELECT project, kind, 1 AS jobs, milliseconds, 0 AS on_accelerator, rows_made, bytes_made FROM job_usage WHERE {which}
                UNION ALL SELECT project, kind, 0, 0, milliseconds, 0, 0 FROM accelerator_leases WHERE {which}
            ) AS took GROUP BY project, kind ORDER BY project, kind
            """,
            row => new JobUsage(
                row.GetString(0), row.GetEnum<WorkKind>(1), row.GetInt64(2),
                TimeSpan.FromMilliseconds(row.GetInt64(3)), TimeSpan.FromMilliseconds(row.GetInt64(4)), row.GetInt64(5), row.GetInt64(6)),
            cancellation, ("@from", from), ("@until", until), ("@project", project ?? ""));
    }

    /// <summary>Notes what a job took that has ended; once, however often it is called.</summary>
    internal static Task<int> NoteAsync(DbConnection connection, JobSnapshot job, CancellationToken cancellation)
    {
        var ended = job.EndTime ?? job.CreateTime;
        return connection.Command(
            Note, ("@job", job.Name), ("@project", ResourceNames.Project(job.Name)), ("@kind", job.Kind), ("@ended", ended),
            ("@milliseconds", job.StartTime is { } started && ended > started ? (long)(ended - started).TotalMilliseconds : 0L),
            ("@accelerator", job.Accelerator), ("@rows", job.Parts.Sum(part => part.Rows)), ("@bytes", BytesOf(job))).ExecuteAsync(cancellation);
    }

    /// <summary>Of all that a job left; an object that it names twice it left once.</summary>
    private static long BytesOf(JobSnapshot job) =>
        (job.Result?.Artifacts.Values ?? []).Concat(job.Parts.Select(part => part.Object)).DistinctBy(stored => stored.Key).Sum(stored => stored.Size);
}

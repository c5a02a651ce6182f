using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>What projects had on each day.</summary>
public sealed class UsageStore
{
    private readonly DbDataSource _database;

    internal UsageStore(DbDataSource database) => _database = database;

    /// <summary>Counts rows that are to be drawn, unless the day would have more than it may; of callers at the same time none goes beyond.</summary>
    /// <param name="project">The project.</param>
    /// <param name="day">The day (UTC).</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="limit">What the day may have.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether they were counted.</returns>
    public async Task<bool> TryDrawAsync(string project, DateOnly day, long rows, long limit, CancellationToken cancellation = default) =>
        rows <= limit && await _database.ExecuteAsync(
            """
            INSERT INTO project_usage (project, day, rows_drawn) VALUES (@project, @day, @rows)
            ON CONFLICT (project, day) DO UPDATE SET rows_drawn = project_usage.rows_drawn + excluded.rows_drawn
            WHERE project_usage.rows_drawn <= @limit - excluded.rows_drawn
            """,
            cancellation, ("@project", project), ("@day", Number(day)), ("@rows", rows), ("@limit", limit)) == 1;

    /// <summary>Rows that were counted on a day.</summary>
    public async Task<long> DrawnAsync(string project, DateOnly day, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(
            "SELECT rows_drawn FROM project_usage WHERE project = @project AND day = @day", r => r.GetInt64(0), cancellation, ("@project", project), ("@day", Number(day))))
        .FirstOrDefault();

    private static long Number(DateOnly day) => day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
}

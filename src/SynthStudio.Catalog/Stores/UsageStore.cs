using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>What projects had on each day.</summary>
public sealed class UsageStore
{
    private readonly DbDataSource _database;

    internal UsageStore(DbDataSource database) => _database = database;

    /// <summary>Rows that were counted on a day.</summary>
    public async Task<long> DrawnAsync(string project, DateOnly day, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(
            "SELECT rows_drawn FROM project_usage WHERE project = @project AND day = @day", r => r.GetInt64(0), cancellation, ("@project", project), ("@day", Number(day))))
        .FirstOrDefault();

    /// <summary>Counts rows that are to be drawn, on the day (UTC) on which that was asked for, unless the day would have more than it may.</summary>
    /// <returns>Whether they were counted.</returns>
    internal static async Task<bool> TryDrawAsync(DbConnection connection, SyntheticDatasetRecord synthetic, long limit, CancellationToken cancellation) =>
        synthetic.Rows <= limit && await connection.Command(
            """
            INSERT INTO project_usage (project, day, rows_drawn) VALUES (@project, @day, @rows)
            ON CONFLICT (project, day) DO UPDATE SET rows_drawn = project_usage.rows_drawn + excluded.rows_drawn
            WHERE project_usage.rows_drawn <= @limit - excluded.rows_drawn
            """,
            ("@project", synthetic.Project), ("@day", Number(DateOnly.FromDateTime(synthetic.CreateTime.UtcDateTime))), ("@rows", synthetic.Rows),
            ("@limit", limit)).ExecuteAsync(cancellation) == 1;

    private static long Number(DateOnly day) => day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
}

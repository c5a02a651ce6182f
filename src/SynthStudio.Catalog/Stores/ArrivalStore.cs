using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>
/// What came to projects beside what their jobs made (<see cref="JobUsageStore"/>): noted once for each arrival, in the transaction by which it becomes the
/// project's, and kept when it is deleted.
/// </summary>
public sealed class ArrivalStore
{
    private readonly DbDataSource _database;

    internal ArrivalStore(DbDataSource database) => _database = database;

    /// <summary>What came in a time, by project and source.</summary>
    /// <param name="project">One project; null for all.</param>
    /// <param name="from">From then on.</param>
    /// <param name="until">Before this.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<Arrivals>> ListAsync(
        string? project, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default) =>
        await _database.ReadAsync(
            $"""
            SELECT project, source, count(*), CAST(sum(bytes) AS bigint) FROM arrivals
            WHERE arrival_time >= @from AND arrival_time < @until {(project is null ? "" : "AND project = @project")}
            GROUP BY project, source ORDER BY project, source
            """,
            row => new Arrivals(row.GetString(0), row.GetEnum<ArrivalSource>(1), row.GetInt64(2), row.GetInt64(3)), cancellation,
            ("@from", from), ("@until", until), ("@project", project ?? ""));

    /// <summary>Notes an arrival; once, however often it is called.</summary>
    /// <param name="connection">Of the transaction by which it becomes the project's.</param>
    /// <param name="source">Where from.</param>
    /// <param name="arrival">Which it is, of all that ever come: a resource of the same name that is made later is another one.</param>
    /// <param name="project">Whose.</param>
    /// <param name="bytes">How many bytes.</param>
    /// <param name="time">When it came.</param>
    /// <param name="cancellation">Stops the call.</param>
    internal static Task<int> NoteAsync(
        DbConnection connection, ArrivalSource source, string arrival, string project, long bytes, DateTimeOffset time, CancellationToken cancellation) =>
        connection.Command(
            "INSERT INTO arrivals (arrival, project, source, arrival_time, bytes) VALUES (@arrival, @project, @source, @time, @bytes) ON CONFLICT (arrival) DO NOTHING",
            ("@arrival", arrival), ("@project", project), ("@source", source), ("@time", time), ("@bytes", bytes)).ExecuteAsync(cancellation);
}

using System.Data.Common;

namespace SynthStudio.Catalog.Assistant;

/// <summary>What projects took of language models, by month (UTC).</summary>
public sealed class AssistantUsageStore
{
    private const string Reserve = """
        INSERT INTO assistant_tokens (project, month, tokens) VALUES (@project, @month, @tokens)
        ON CONFLICT (project, month) DO UPDATE SET tokens = assistant_tokens.tokens + excluded.tokens
        WHERE assistant_tokens.tokens <= @limit - excluded.tokens
        """;

    private const string Note = """
        INSERT INTO assistant_usage (project, month, task, questions, asked, answered) VALUES (@project, @month, @task, 1, @asked, @answered)
        ON CONFLICT (project, month, task) DO UPDATE SET questions = assistant_usage.questions + 1, asked = assistant_usage.asked + excluded.asked,
            answered = assistant_usage.answered + excluded.answered
        """;

    private readonly DbDataSource _database;

    internal AssistantUsageStore(DbDataSource database) => _database = database;

    /// <summary>Sets tokens aside, unless the month would have more than it may; of callers at the same time none goes beyond.</summary>
    /// <param name="project">The project.</param>
    /// <param name="month">Its first day.</param>
    /// <param name="tokens">At least 1.</param>
    /// <param name="limit">What the month may have.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether they were set aside.</returns>
    public async Task<bool> TryReserveAsync(string project, DateOnly month, long tokens, long limit, CancellationToken cancellation = default) =>
        tokens <= limit
        && await _database.ExecuteAsync(Reserve, cancellation, ("@project", project), ("@month", Number(month)), ("@tokens", tokens), ("@limit", limit)) == 1;

    /// <summary>Puts what was taken in the place of what was set aside, and notes what it was for.</summary>
    /// <param name="project">The project.</param>
    /// <param name="month">The month that the tokens were set aside of.</param>
    /// <param name="reserved">What was set aside.</param>
    /// <param name="task">What for.</param>
    /// <param name="asked">Tokens that were sent.</param>
    /// <param name="answered">Tokens that came.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task SettleAsync(
        string project, DateOnly month, long reserved, string task, long asked, long answered, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Command(
            "UPDATE assistant_tokens SET tokens = tokens + @change WHERE project = @project AND month = @month",
            ("@change", asked + answered - reserved), ("@project", project), ("@month", Number(month))).ExecuteAsync(cancellation);
        if (asked > 0)
        {
            await connection.Command(
                Note, ("@project", project), ("@month", Number(month)), ("@task", task), ("@asked", asked), ("@answered", answered)).ExecuteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Tokens of a month that were taken or are set aside.</summary>
    public async Task<long> TokensAsync(string project, DateOnly month, CancellationToken cancellation = default) => (await _database.ReadAsync(
        "SELECT tokens FROM assistant_tokens WHERE project = @project AND month = @month", row => row.GetInt64(0), cancellation, ("@project", project), ("@month", Number(month))))
        .FirstOrDefault();

    /// <summary>What was taken in a month, by project and task.</summary>
    /// <param name="project">One project; null for all.</param>
    /// <param name="month">Its first day.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<AssistantUsage>> ListAsync(
        string? project, DateOnly month, CancellationToken cancellation = default) => await _database.ReadAsync(
        $"""
        SELECT project, task, questions, asked, answered FROM assistant_usage
        WHERE month = @month {(project is null ? "" : "AND project = @project")} ORDER BY project, task
        """,
        row => new AssistantUsage(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
        cancellation, ("@month", Number(month)), ("@project", project ?? ""));

    /// <summary>Months since the year 0.</summary>
    private static long Number(DateOnly month) => (month.Year * 12L) + month.Month - 1;
}

using System.Data.Common;

namespace SynthStudio.Catalog.Webhooks;

/// <summary>
/// Deliveries that are due, for the processes that send them. Who takes some has them for a while: if it is not heard of, they are due again.
/// The outcome of an attempt counts only while it is the newest, so a sender that was away too long changes nothing. Times are the database's.
/// </summary>
public sealed class DeliveryQueue
{
    private const int MostAttemptsKept = 20;

    private const string ListDue = $"""
        SELECT name FROM webhooks w
        WHERE disabled = @disabled AND not_before <= {SqlDialect.Now}
            AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook = w.name AND d.state = 'Pending' AND d.due_time <= {SqlDialect.Now})
        ORDER BY (SELECT min(d.due_time) FROM webhook_deliveries d WHERE d.webhook = w.name AND d.state = 'Pending')
        """;

    private const string Take = $"""
        UPDATE webhook_deliveries SET attempt = attempt + 1, due_time = {SqlDialect.Now} + @lease
        WHERE name IN (
            SELECT name FROM webhook_deliveries WHERE webhook = @webhook AND state = 'Pending' AND due_time <= {SqlDialect.Now}
            ORDER BY due_time LIMIT @limit {SqlDialect.ForUpdateOfFree})
        RETURNING {WebhookStore.DeliveryColumns}
        """;

    private const string GiveBack = $"""
        UPDATE webhook_deliveries SET attempt = attempt - 1, due_time = {SqlDialect.Now} WHERE name = @name AND attempt = @attempt AND state = 'Pending'
        """;

    private const string End = $"""
        UPDATE webhook_deliveries SET state = @state, attempts = @attempts, end_time = {SqlDialect.Now} WHERE name = @name AND attempt = @attempt AND state = 'Pending'
        """;

    private const string Later = $"""
        UPDATE webhook_deliveries SET attempts = @attempts, due_time = {SqlDialect.Now} + @delay WHERE name = @name AND attempt = @attempt AND state = 'Pending'
        """;

    private readonly DbDataSource _database;

    internal DeliveryQueue(DbDataSource database) => _database = database;

    /// <summary>Webhooks that something is due for and that need not wait.</summary>
    public async Task<IReadOnlyList<string>> ListDueAsync(CancellationToken cancellation) =>
        await _database.ReadAsync(ListDue, row => row.GetString(0), cancellation, ("@disabled", false));

    /// <summary>Takes deliveries to send them; each attempt has a number that its outcome must name.</summary>
    /// <param name="webhook">Whose.</param>
    /// <param name="limit">At most so many, at least 1.</param>
    /// <param name="lease">How long nobody else takes them.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<DeliveryRecord>> TakeAsync(string webhook, int limit, TimeSpan lease, CancellationToken cancellation) =>
        await _database.ReadAsync(
            Take, WebhookStore.MapDelivery, cancellation, ("@webhook", webhook), ("@limit", limit), ("@lease", Microseconds.From(lease)));

    /// <summary>Notes what came of deliveries that were taken, and how the webhook fares; all or none.</summary>
    /// <param name="webhook">Whose, as it was when they were sent: what its owner changed since is not touched.</param>
    /// <param name="outcomes">What came of each.</param>
    /// <param name="health">How it is with the receiver after them.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether that switched the webhook off, which was on.</returns>
    public async Task<bool> NoteAsync(WebhookRecord webhook, IReadOnlyList<DeliveryOutcome> outcomes, ReceiverHealth health, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var outcome in outcomes.OrderBy(o => o.Delivery.Name, StringComparer.Ordinal))
        {
            await NoteAsync(connection, outcome, cancellation);
        }

        var isNoted = await connection.Command(
            $"""
            UPDATE webhooks SET failures = @failures, not_before = {(health.Pause > TimeSpan.Zero ? SqlDialect.Now : "0")} + @pause, disabled = (disabled OR @gone),
                version = version + @change
            WHERE name = @name AND version = @version
            """,
            ("@name", webhook.Name), ("@version", webhook.Version), ("@change", health.IsGone ? 1L : 0L),
            ("@failures", health.Failures), ("@pause", Microseconds.From(health.Pause)), ("@gone", health.IsGone))
            .ExecuteAsync(cancellation) == 1;
        await transaction.CommitAsync(cancellation);
        return isNoted && health.IsGone && !webhook.Disabled;
    }

    /// <summary>Gives up what was tried for too long, and forgets what ended long ago.</summary>
    /// <param name="retention">How long ended deliveries are kept.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task CleanAsync(TimeSpan retention, CancellationToken cancellation)
    {
        await _database.ExecuteAsync(
            $"UPDATE webhook_deliveries SET state = 'Dead', end_time = {SqlDialect.Now} WHERE state = 'Pending' AND give_up_time <= {SqlDialect.Now} AND due_time <= {SqlDialect.Now}",
            cancellation);
        await _database.ExecuteAsync(
            $"DELETE FROM webhook_deliveries WHERE end_time IS NOT NULL AND end_time < {SqlDialect.Now} - @retention", cancellation, ("@retention", Microseconds.From(retention)));
    }

    private static Task<int> NoteAsync(DbConnection connection, DeliveryOutcome outcome, CancellationToken cancellation)
    {
        var (delivery, attempt, next) = outcome;
        (string, object?)[] which = [("@name", delivery.Name), ("@attempt", delivery.Attempt)];
        if (attempt is null) return connection.Command(GiveBack, which).ExecuteAsync(cancellation);
        (string, object?) attempts = ("@attempts", CatalogJson.Write<IReadOnlyList<DeliveryAttempt>>([.. delivery.Attempts.TakeLast(MostAttemptsKept - 1), attempt]));
        return next is { } delay
            ? connection.Command(Later, [.. which, attempts, ("@delay", Microseconds.From(delay))]).ExecuteAsync(cancellation)
            : connection.Command(
                End, [.. which, attempts, ("@state", attempt.Error.Length == 0 ? DeliveryState.Delivered : DeliveryState.Dead)])
                .ExecuteAsync(cancellation);
    }
}

/// <summary>What came of a delivery that was taken.</summary>
/// <param name="Delivery">As it was taken.</param>
/// <param name="Attempt">The attempt; null when there was none: it is due as before.</param>
/// <param name="RetryAfter">When it is tried again after a failure; null never.</param>
public sealed record DeliveryOutcome(DeliveryRecord Delivery, DeliveryAttempt? Attempt, TimeSpan? RetryAfter);

/// <summary>How it is with a receiver.</summary>
/// <param name="Failures">Times in a row that it was down.</param>
/// <param name="Pause">How long nothing is sent to it; zero when it need not wait.</param>
/// <param name="IsGone">It said that it does not want any more.</param>
public sealed record ReceiverHealth(int Failures, TimeSpan Pause, bool IsGone);

using System.Data.Common;

namespace SynthStudio.Catalog.Webhooks;

/// <summary>Webhooks and the log of their deliveries.</summary>
public sealed class WebhookStore
{
    private const string Columns =
        "name, project, display_name, url, event_types, disabled, salt, old_salt, old_salt_until, failures, not_before, creator, create_time, update_time, version";

    internal const string DeliveryColumns = "name, webhook, type, body, state, attempt, attempts, create_time, due_time, give_up_time, end_time";

    private readonly DbDataSource _database;

    internal WebhookStore(DbDataSource database) => _database = database;

    /// <summary>The webhook of this name; null when there is none.</summary>
    public async Task<WebhookRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM webhooks WHERE name = @name", Map, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>The webhooks of a project, newest first.</summary>
    public Task<Page<WebhookRecord>> ListAsync(string project, PageRequest page, CancellationToken cancellation = default) =>
        _database.ReadPageAsync($"SELECT {Columns} FROM webhooks WHERE project = @project AND {Sql.PageClause}", Map, page, cancellation, ("@project", project));

    /// <summary>Creates a webhook unless its project has as many as it may have.</summary>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public async Task<bool> TryCreateAsync(WebhookRecord webhook, int most, CancellationToken cancellation = default)
    {
        try
        {
            return await ProjectStore.TryAddAsync(
                _database, webhook.Project,
                $"""
                INSERT INTO webhooks ({Columns})
                SELECT @name, @project, @display, @url, @types, @disabled, @salt, NULL, NULL, 0, 0, @creator, @created, @updated, 1
                WHERE (SELECT count(*) FROM webhooks WHERE project = @project) < @most
                """,
                cancellation, ("@name", webhook.Name), ("@project", webhook.Project), ("@display", webhook.DisplayName), ("@url", webhook.Url),
                ("@types", CatalogJson.Write(webhook.EventTypes)), ("@disabled", webhook.Disabled), ("@salt", webhook.Salt), ("@creator", webhook.Creator),
                ("@created", Microseconds.From(webhook.CreateTime)), ("@updated", Microseconds.From(webhook.UpdateTime)), ("@most", most));
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException(webhook.Name, e);
        }
    }

    /// <summary>Replaces what people set, and ends its waiting after failures.</summary>
    /// <returns>The webhook with its new version.</returns>
    /// <exception cref="VersionConflictException">It has changed since, or is gone.</exception>
    public async Task<WebhookRecord> UpdateAsync(WebhookRecord webhook, CancellationToken cancellation = default)
    {
        var changed = await _database.ExecuteAsync(
            """
            UPDATE webhooks SET display_name = @display, url = @url, event_types = @types, disabled = @disabled, salt = @salt, old_salt = @oldSalt,
                old_salt_until = @oldUntil, failures = 0, not_before = 0, update_time = @updated, version = version + 1
            WHERE name = @name AND version = @version
            """,
            cancellation, ("@name", webhook.Name), ("@display", webhook.DisplayName), ("@url", webhook.Url), ("@types", CatalogJson.Write(webhook.EventTypes)),
            ("@disabled", webhook.Disabled), ("@salt", webhook.Salt), ("@oldSalt", webhook.OldSalt), ("@oldUntil", webhook.OldSaltUntil),
            ("@updated", webhook.UpdateTime), ("@version", webhook.Version));
        return changed == 1
            ? webhook with { Version = webhook.Version + 1, Failures = 0, NotBefore = DateTimeOffset.UnixEpoch }
            : throw new VersionConflictException(webhook.Name, webhook.Version);
    }

    /// <summary>Deletes a webhook with its deliveries; with a version, only when it is the newest. False when there is none.</summary>
    /// <exception cref="VersionConflictException">It has another version.</exception>
    public async Task<bool> DeleteAsync(string name, long? version, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var versions = await connection.Command($"SELECT version FROM webhooks WHERE name = @name {SqlDialect.ForUpdate}", ("@name", name))
            .ReadAsync(row => row.GetInt64(0), cancellation);
        if (versions.Count == 0) return false;
        if (version is { } expected && versions[0] != expected) throw new VersionConflictException(name, expected);
        await connection.Command("DELETE FROM webhook_deliveries WHERE webhook = @name", ("@name", name)).ExecuteAsync(cancellation);
        await connection.Command("DELETE FROM webhooks WHERE name = @name", ("@name", name)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Notes an event for this webhook alone.</summary>
    /// <returns>The delivery.</returns>
    public async Task<DeliveryRecord> NoteAsync(string webhook, WebhookEvent what, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        var name = await WebhookOutbox.NoteForAsync(connection, webhook, what, cancellation);
        return (await connection.Command($"SELECT {DeliveryColumns} FROM webhook_deliveries WHERE name = @name", ("@name", name)).ReadAsync(MapDelivery, cancellation)).Single();
    }

    /// <summary>Notes an event for all webhooks of its project that want it, unless it is noted.</summary>
    public async Task NoteAsync(WebhookEvent what, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await WebhookOutbox.NoteAsync(connection, what, cancellation);
    }

    /// <summary>The delivery of this name; null when there is none.</summary>
    public async Task<DeliveryRecord?> FindDeliveryAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {DeliveryColumns} FROM webhook_deliveries WHERE name = @name", MapDelivery, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>The deliveries of a webhook, newest first.</summary>
    /// <param name="webhook">Which webhook's.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    /// <param name="page">Where to start and how many.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<Page<DeliveryRecord>> ListDeliveriesAsync(string webhook, DeliveryState? state, PageRequest page, CancellationToken cancellation = default) =>
        _database.ReadPageAsync(
            $"SELECT {DeliveryColumns} FROM webhook_deliveries WHERE webhook = @webhook {(state is null ? "" : "AND state = @state")} AND {Sql.PageClause}",
            MapDelivery, page, cancellation, ("@webhook", webhook), ("@state", state ?? DeliveryState.Pending));

    /// <summary>Lets deliveries that have ended be sent again: one, or all that were given up.</summary>
    /// <returns>How many.</returns>
    public Task<int> ReplayAsync(string webhook, string? delivery, CancellationToken cancellation = default) => _database.ExecuteAsync(
        $"""
        UPDATE webhook_deliveries SET state = 'Pending', attempt = 0, end_time = NULL, due_time = {SqlDialect.Now}, give_up_time = {SqlDialect.Now} + @lifetime
        WHERE webhook = @webhook AND {(delivery is null ? "state = 'Dead'" : "state <> 'Pending' AND name = @delivery")}
        """,
        cancellation, ("@webhook", webhook), ("@delivery", delivery ?? ""), ("@lifetime", Microseconds.From(WebhookOutbox.Lifetime)));

    internal static DeliveryRecord MapDelivery(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        Webhook = row.GetString(1),
        Type = row.GetString(2),
        Body = row.GetString(3),
        State = row.GetEnum<DeliveryState>(4),
        Attempt = row.GetInt32(5),
        Attempts = CatalogJson.Read<IReadOnlyList<DeliveryAttempt>>(row.GetString(6)),
        CreateTime = row.GetTime(7),
        DueTime = row.GetTime(8),
        GiveUpTime = row.GetTime(9),
        EndTime = row.FindTime(10),
    };

    private static WebhookRecord Map(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        Project = row.GetString(1),
        DisplayName = row.GetString(2),
        Url = row.GetString(3),
        EventTypes = CatalogJson.Read<IReadOnlyList<string>>(row.GetString(4)),
        Disabled = row.GetBoolean(5),
        Salt = row.GetFieldValue<byte[]>(6),
        OldSalt = row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7),
        OldSaltUntil = row.FindTime(8),
        Failures = row.GetInt32(9),
        NotBefore = row.GetTime(10),
        Creator = row.GetString(11),
        CreateTime = row.GetTime(12),
        UpdateTime = row.GetTime(13),
        Version = row.GetInt64(14),
    };
}

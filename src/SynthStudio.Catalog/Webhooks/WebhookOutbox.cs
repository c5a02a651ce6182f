using System.Data.Common;

namespace SynthStudio.Catalog.Webhooks;

/// <summary>Notes events for the webhooks that want them, in the transaction of what happened: neither is there without the other.</summary>
internal static class WebhookOutbox
{
    /// <summary>How long it is tried to send an event.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    private const string Insert = $"""
        INSERT INTO webhook_deliveries (name, webhook, type, body, state, attempt, attempts, create_time, due_time, give_up_time, end_time)
        VALUES (@name, @webhook, @type, @body, 'Pending', 0, '[]', {SqlDialect.Now}, {SqlDialect.Now}, {SqlDialect.Now} + @lifetime, NULL)
        ON CONFLICT (name) DO NOTHING
        """;

    /// <summary>Notes an event once, however often it is called.</summary>
    public static async Task NoteAsync(DbConnection connection, WebhookEvent what, CancellationToken cancellation)
    {
        var webhooks = await connection.Command(
            "SELECT name, event_types FROM webhooks WHERE project = @project AND disabled = @disabled", ("@project", what.Project), ("@disabled", false))
            .ReadAsync(row => (Name: row.GetString(0), Types: row.GetString(1)), cancellation);
        foreach (var (name, types) in webhooks)
        {
            if (EventTypes.Match(CatalogJson.Read<IReadOnlyList<string>>(types), what.Type)) await NoteForAsync(connection, name, what, cancellation);
        }
    }

    /// <summary>Notes an event for one webhook.</summary>
    /// <returns>The delivery's name.</returns>
    public static async Task<string> NoteForAsync(DbConnection connection, string webhook, WebhookEvent what, CancellationToken cancellation)
    {
        var name = $"{webhook}/deliveries/{what.Id}";
        await connection.Command(
            Insert, ("@name", name), ("@webhook", webhook), ("@type", what.Type), ("@body", what.Body), ("@lifetime", Microseconds.From(Lifetime)))
            .ExecuteAsync(cancellation);
        return name;
    }
}

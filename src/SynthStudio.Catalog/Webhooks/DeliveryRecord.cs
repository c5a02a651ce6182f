namespace SynthStudio.Catalog.Webhooks;

/// <summary>An event on its way to a webhook.</summary>
public sealed record DeliveryRecord : IListedRecord
{
    /// <summary>Resource name, <c>projects/{project}/webhooks/{webhook}/deliveries/{delivery}</c>; its last part is the event's id.</summary>
    public required string Name { get; init; }

    public required string Webhook { get; init; }

    /// <summary>Type of the event, for example <c>training.succeeded</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The CloudEvent, as it is sent.</summary>
    public required string Body { get; init; }

    public DeliveryState State { get; init; } = DeliveryState.Pending;

    /// <summary>Number of the newest attempt since it was noted or replayed; whoever sends has it, and only its outcome counts.</summary>
    public int Attempt { get; init; }

    /// <summary>The newest attempts, oldest first.</summary>
    public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];

    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>When it is sent next. While it is being sent: when that is given up for lost.</summary>
    public required DateTimeOffset DueTime { get; init; }

    /// <summary>It is not sent any more after this.</summary>
    public required DateTimeOffset GiveUpTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }
}

/// <summary>What came of sending an event.</summary>
/// <param name="Time">When it began.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">HTTP status of the answer; 0 when there was none.</param>
/// <param name="Error">Why it failed; empty when it did not.</param>
public sealed record DeliveryAttempt(DateTimeOffset Time, int Milliseconds, int Status, string Error);

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>It is sent, or will be sent again.</summary>
    Pending,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>It was given up.</summary>
    Dead,
}

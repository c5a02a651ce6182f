namespace SynthStudio.Catalog.Webhooks;

/// <summary>An address that events of a project are sent to.</summary>
public sealed record WebhookRecord : IListedRecord
{
    /// <summary>Resource name, <c>projects/{project}/webhooks/{webhook}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    public string DisplayName { get; init; } = "";

    public required string Url { get; init; }

    /// <summary>Which events it is told of (<see cref="EventTypes"/>).</summary>
    public IReadOnlyList<string> EventTypes { get; init; } = [];

    public bool Disabled { get; init; }

    /// <summary>What its secret is derived from (<see cref="WebhookSecrets"/>).</summary>
    public required byte[] Salt { get; init; }

    /// <summary>The same of the secret before; null when there is none.</summary>
    public byte[]? OldSalt { get; init; }

    /// <summary>Until when deliveries are signed with the secret before, too.</summary>
    public DateTimeOffset? OldSaltUntil { get; init; }

    /// <summary>Times in a row that the receiver was down.</summary>
    public int Failures { get; init; }

    /// <summary>Nothing is sent before.</summary>
    public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.UnixEpoch;

    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset UpdateTime { get; init; }

    /// <summary>Grows with every change that somebody made; the etag.</summary>
    public long Version { get; init; } = 1;
}

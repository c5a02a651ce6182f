namespace SynthStudio.Catalog.Transfers;

/// <summary>A database or bucket of others that a project's owner configured.</summary>
public sealed record ConnectionRecord : IListedRecord
{
    /// <summary>Resource name, <c>projects/{project}/connections/{connection}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    public string DisplayName { get; init; } = "";

    public required TransferEndpoint Endpoint { get; init; }

    /// <summary>Password or secret key, sealed.</summary>
    public required byte[] SealedSecret { get; init; }

    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }
}

namespace SynthStudio.Catalog.Accounts;

/// <summary>A user that is a program of one project.</summary>
public sealed record ServiceAccountRecord : IListedRecord
{
    /// <summary>Resource name, <c>projects/{project}/serviceAccounts/{service_account}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>The user that its keys speak for.</summary>
    public required string Owner { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>Who made it.</summary>
    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }
}

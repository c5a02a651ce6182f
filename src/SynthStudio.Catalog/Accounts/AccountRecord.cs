namespace SynthStudio.Catalog.Accounts;

/// <summary>How a person signs in.</summary>
public sealed record AccountRecord
{
    /// <summary>The user, <c>users/{user}</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>The address as its owner wrote it, proven to be theirs; null for none.</summary>
    public string? Email { get; init; }

    /// <summary>By which the address is found: no two accounts have the same.</summary>
    public string? EmailKey { get; init; }

    /// <summary>Hash of the password in PHC form; empty for none.</summary>
    public string Password { get; init; } = "";

    /// <summary>The shared secret of the second factor, sealed (<see cref="Secrets.SecondFactorSeals"/>); null for none.</summary>
    public byte[]? SecondFactor { get; init; }

    /// <summary>Whether sign-ins ask for the second factor; before, it waits for its first code.</summary>
    public bool SecondFactorActive { get; init; }

    /// <summary>The time step of the last code that was accepted: it and older ones are not accepted again.</summary>
    public long SecondFactorStep { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset UpdateTime { get; init; }
}

namespace SynthStudio.Orchestration;

/// <summary>Where a generator that was not trained here comes from: what who signed its package says, and nothing that is known here.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.PackageOrigin")]
public sealed record PackageOrigin
{
    /// <summary>Whose key signed the package, as this server's settings call it; empty for a package without signature.</summary>
    [Id(0)] public string Signer { get; init; } = "";

    /// <summary>The key; empty likewise.</summary>
    [Id(1)] public string KeyId { get; init; } = "";

    /// <summary>What the installation that signed calls itself.</summary>
    [Id(2)] public string Deployment { get; init; } = "";

    /// <summary>Resource name of the generator there.</summary>
    [Id(3)] public string Generator { get; init; } = "";

    /// <summary>When it was signed; null for a package without signature.</summary>
    [Id(4)] public DateTimeOffset? SignTime { get; init; }

    /// <summary>Who had signed the package when it came there; empty when the model was made there.</summary>
    [Id(5)] public string ReceivedFrom { get; init; } = "";

    /// <summary>What the package says that the model promises; null when it says nothing of that.</summary>
    [Id(6)] public PrivacyStatement? Claim { get; init; }
}

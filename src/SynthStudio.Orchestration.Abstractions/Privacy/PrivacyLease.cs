namespace SynthStudio.Orchestration;

/// <summary>What a generator's accountant drew from the ledger for one training.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.PrivacyLease")]
public sealed record PrivacyLease
{
    /// <summary>The training.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>What it may spend.</summary>
    [Id(1)] public required PrivacyTerms Terms { get; init; }

    [Id(2)] public required PrivacyLeaseState State { get; init; }

    /// <summary>Epsilon spent so far, as the loop that adds the noise says; 0 before its first noise.</summary>
    [Id(3)] public double SpentEpsilon { get; init; }

    /// <summary>What the noise did so far, as the JSON of privacy events; empty before.</summary>
    [Id(4)] public string SpentEventJson { get; init; } = "";
}

/// <summary>Where a lease stands.</summary>
[GenerateSerializer, Alias("synthstudio.PrivacyLeaseState")]
public enum PrivacyLeaseState
{
    /// <summary>Set aside; no worker has seen the data.</summary>
    Reserved,

    /// <summary>A worker was let at the data: spent for good.</summary>
    Touched,

    /// <summary>The model was released.</summary>
    Committed,

    /// <summary>Given back: no worker ever saw the data.</summary>
    Released,
}

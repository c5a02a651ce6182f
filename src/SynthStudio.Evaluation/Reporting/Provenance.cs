namespace SynthStudio.Evaluation.Reporting;

/// <summary>Which bytes and which model the report is about.</summary>
public sealed record Provenance
{
    /// <summary>SHA-256 of the training file, lower-case hexadecimal; null when it is not known.</summary>
    public string? TrainSha256 { get; init; }

    /// <summary>SHA-256 of the synthetic file.</summary>
    public string? SyntheticSha256 { get; init; }

    /// <summary>SHA-256 of the holdout file.</summary>
    public string? HoldoutSha256 { get; init; }

    /// <summary>How the generator learned, for example <c>autoregressive</c>; null for a table from elsewhere.</summary>
    public string? Method { get; init; }

    /// <summary>SHA-256 of the model package.</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>What the generator promises; null when it promises nothing.</summary>
    public PrivacyGuarantee? Guarantee { get; init; }
}

/// <summary>A differentially private generator's promise.</summary>
/// <param name="Epsilon">The bound on what one record changes, in nats.</param>
/// <param name="Delta">The probability that the bound does not hold.</param>
public sealed record PrivacyGuarantee(double Epsilon, double Delta)
{
    /// <summary>The parts of a report that are computed by looking at training rows, and so are not covered by the generator's promise.</summary>
    public static IReadOnlyList<string> OutsideFields { get; } =
    [
        "metrics", "intervals", "ceiling", "validity", "columns", "pairs", "detection", "utility", "fairness", "subgroups", "histograms", "privacy", "verdict",
    ];
}

namespace SynthStudio.Orchestration;

/// <summary>What a training promises about every single unit in its table.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.PrivacyTerms")]
public sealed record PrivacyTerms
{
    /// <summary>Above 0.</summary>
    [Id(0)] public required double Epsilon { get; init; }

    /// <summary>Between 0 and 1.</summary>
    [Id(1)] public required double Delta { get; init; }

    /// <summary>The declared size of the table; null counts it with noise, out of the budget.</summary>
    [Id(2)] public long? Rows { get; init; }

    /// <summary>The column that says whose a row is; empty when every row is somebody else's.</summary>
    [Id(3)] public string UnitColumn { get; init; } = "";

    /// <summary>Rows of one unit that are used, at most.</summary>
    [Id(4)] public int MaxRowsPerUnit { get; init; } = 1;

    /// <summary>The part of the data set's declared partition that is learned, as the JSON of a partition's part; null for the whole table.</summary>
    [Id(5)] public string? PartJson { get; init; }
}

namespace SynthStudio.Orchestration;

/// <summary>What a finished training promises, as its worker says it; the same as in the model package's manifest.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.PrivacyStatement")]
public sealed record PrivacyStatement
{
    /// <summary>Whether there is a promise at all.</summary>
    [Id(0)] public required bool Guaranteed { get; init; }

    [Id(1)] public required double Epsilon { get; init; }

    [Id(2)] public required double Delta { get; init; }

    /// <summary>Whom the promise protects: <c>row</c>, or the column whose equal values are one unit.</summary>
    [Id(3)] public string Unit { get; init; } = "row";

    /// <summary>Which tables count as neighbours.</summary>
    [Id(4)] public string Neighbouring { get; init; } = "add_or_remove_one";

    /// <summary>What the noise did, as the JSON of privacy events.</summary>
    [Id(5)] public required string EventJson { get; init; }

    /// <summary>What the owner declared instead of the data telling it.</summary>
    [Id(6)] public IReadOnlyList<string> Declared { get; init; } = [];

    /// <summary>What was bought from the budget.</summary>
    [Id(7)] public IReadOnlyList<string> Bought { get; init; } = [];

    /// <summary>What the promise does not cover.</summary>
    [Id(8)] public IReadOnlyList<string> Outside { get; init; } = [];

    /// <summary>Rows of one unit that were used, at most.</summary>
    [Id(9)] public int MaxRowsPerUnit { get; init; } = 1;

    /// <summary>Rows of the table as declared, or as counted with noise.</summary>
    [Id(10)] public long Rows { get; init; }
}

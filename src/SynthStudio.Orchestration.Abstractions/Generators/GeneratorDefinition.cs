namespace SynthStudio.Orchestration;

/// <summary>What a generator is made from; all but the display name is fixed with the first training.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.GeneratorDefinition")]
public sealed record GeneratorDefinition
{
    /// <summary>Resource name of the data set; empty for a model that was trained elsewhere, and for a method that reads no data.</summary>
    [Id(0)] public required string Dataset { get; init; }

    [Id(1)] public required TrainingSpec Training { get; init; }

    [Id(2)] public required WorkRequirements Requirements { get; init; }

    [Id(3)] public string DisplayName { get; init; } = "";

    /// <summary>Who created it, a principal's name.</summary>
    [Id(4)] public required string Creator { get; init; }
}

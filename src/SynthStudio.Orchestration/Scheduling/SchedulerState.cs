namespace SynthStudio.Orchestration;

/// <summary>What operators told the scheduler; survives it.</summary>
[GenerateSerializer, Alias("synthstudio.SchedulerState")]
public sealed class SchedulerState
{
    /// <summary>Names of the silos that take no work.</summary>
    [Id(0)] public HashSet<string> Cordoned { get; set; } = [];

    /// <summary>Shares of projects by resource name; the others have the default.</summary>
    [Id(1)] public Dictionary<string, ProjectShare> Shares { get; set; } = [];
}

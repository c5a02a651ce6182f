namespace SynthStudio.Orchestration;

/// <summary>There is no such generator or job.</summary>
[GenerateSerializer, Alias("synthstudio.WorkNotFoundException")]
public sealed class WorkNotFoundException(string name) : Exception($"{name} does not exist.")
{
    [Id(0)] public string Name { get; } = name;
}

/// <summary>The state does not allow the command.</summary>
[GenerateSerializer, Alias("synthstudio.WorkStateException")]
public sealed class WorkStateException(string name, string state, string command)
    : Exception($"{name} is {state}: it cannot {command} now.")
{
    [Id(0)] public string Name { get; } = name;

    [Id(1)] public string State { get; } = state;

    [Id(2)] public string Command { get; } = command;
}

/// <summary>What a grain stands on did not answer, or another activation was first; nobody knows whether it happened. Ask again.</summary>
[GenerateSerializer, Alias("synthstudio.StoreUnavailableException")]
public sealed class StoreUnavailableException(string problem) : Exception($"The stores of the cluster do not answer as they should; ask again. {problem}")
{
    [Id(0)] public string Problem { get; } = problem;
}

/// <summary>It has changed since the caller read it.</summary>
[GenerateSerializer, Alias("synthstudio.WorkChangedException")]
public sealed class WorkChangedException(string name) : Exception($"{name} has changed: read it again.")
{
    [Id(0)] public string Name { get; } = name;
}

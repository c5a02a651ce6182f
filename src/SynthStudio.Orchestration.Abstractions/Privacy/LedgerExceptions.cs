namespace SynthStudio.Orchestration;

/// <summary>A training that has no reservation may not see private data.</summary>
public sealed class ReservationMissingException(string job) : Exception($"{job} has no reservation in the privacy ledger: it may not read private data.")
{
    public string Job { get; } = job;
}

/// <summary>The ledger is not what it acknowledged: a line was changed, or an older copy was put back. Nothing is spent until an operator has looked.</summary>
[GenerateSerializer, Alias("synthstudio.LedgerUnsafeException")]
public sealed class LedgerUnsafeException(string population, string problem)
    : Exception($"The privacy ledger of {population} cannot be trusted: {problem} No private training starts until an operator has restored it.")
{
    [Id(0)] public string Population { get; } = population;

    [Id(1)] public string Problem { get; } = problem;
}

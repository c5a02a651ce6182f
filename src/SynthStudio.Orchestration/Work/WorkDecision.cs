namespace SynthStudio.Orchestration;

/// <summary>What a machine answers to a command.</summary>
/// <typeparam name="TRecord">The durable state.</typeparam>
/// <param name="Record">The state after it; the very same when nothing changed.</param>
/// <param name="Verdict">How the command was taken.</param>
/// <param name="Effects">To be done, in order, once the state is stored.</param>
public sealed record Decision<TRecord>(TRecord Record, Verdict Verdict, IReadOnlyList<WorkEffect> Effects);

/// <summary>How a command was taken.</summary>
public enum Verdict
{
    /// <summary>It changed something, or is to be recorded.</summary>
    Accepted,

    /// <summary>It was done already.</summary>
    Repeated,

    /// <summary>It comes from a lease that is no longer, or not at all, the newest.</summary>
    Stale,

    /// <summary>The state does not allow it.</summary>
    Refused,
}

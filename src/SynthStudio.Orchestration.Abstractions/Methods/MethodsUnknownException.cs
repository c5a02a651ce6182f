namespace SynthStudio.Orchestration;

/// <summary>No worker can tell which methods there are: nothing can be trained or drawn.</summary>
/// <param name="reason">For programs, one of the constants.</param>
/// <param name="message">For people; anyone may read it, so it holds no paths.</param>
/// <param name="inner">What it came from.</param>
public sealed class MethodsUnknownException(string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>There is no worker executable.</summary>
    public const string WorkerMissing = "WORKER_MISSING";

    /// <summary>The worker executable does not start, or does not say what it can do.</summary>
    public const string WorkerBroken = "WORKER_BROKEN";

    /// <summary>No silo with workers is in the cluster.</summary>
    public const string NoComputeSilo = "NO_COMPUTE_SILO";

    public string Reason { get; } = reason;
}

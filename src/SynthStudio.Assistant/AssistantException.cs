namespace SynthStudio.Assistant;

/// <summary>Why there is no answer.</summary>
public enum AssistantProblem
{
    /// <summary>No provider answers at the moment.</summary>
    Unavailable,

    /// <summary>Every provider refuses the server's key, or what the server asks of it: the operator's to mend.</summary>
    Misconfigured,

    /// <summary>The call's time is over.</summary>
    TimeSpent,

    /// <summary>The call would take more tokens than a call may.</summary>
    TokensSpent,

    /// <summary>The model declines to answer.</summary>
    Refused,

    /// <summary>The answer is not of the form that was asked for, after all repairs.</summary>
    Unusable,

    /// <summary>A part of the answer was sent, and no more came.</summary>
    Interrupted,
}

/// <summary>A question that got no answer. The message names providers and codes; nothing of what was asked or answered, but a refusal's own words.</summary>
/// <param name="problem">Why.</param>
/// <param name="message">For people.</param>
/// <param name="retryAfter">When to ask again; null where that is not known.</param>
public sealed class AssistantException(AssistantProblem problem, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public AssistantProblem Problem { get; } = problem;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}

namespace SynthStudio.Assistant.Providers;

/// <summary>How an attempt at a provider failed.</summary>
internal enum ProviderFailure
{
    /// <summary>It has too much to do, or we ask too often (429).</summary>
    RateLimited,

    /// <summary>It is away, or something went wrong there (5xx, no connection).</summary>
    Away,

    /// <summary>It was silent for too long.</summary>
    Slow,

    /// <summary>Its answer broke off, or is not of the protocol.</summary>
    Broken,

    /// <summary>It does not accept our key (401, 403).</summary>
    KeyRefused,

    /// <summary>It does not accept the request, or has no such model (other 4xx).</summary>
    Rejected,
}

/// <summary>An attempt that failed. Holds a code and no words of the provider: those may repeat what was asked.</summary>
/// <param name="failure">How.</param>
/// <param name="inner">What it came from.</param>
/// <param name="retryAfter">When the provider wants to be asked again; null where it does not say.</param>
internal sealed class ProviderException(ProviderFailure failure, Exception? inner = null, TimeSpan? retryAfter = null)
    : Exception($"The provider failed: {failure}.", inner)
{
    public ProviderFailure Failure { get; } = failure;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the same request may work a little later.</summary>
    public bool MayPass => Failure is ProviderFailure.RateLimited or ProviderFailure.Away or ProviderFailure.Slow or ProviderFailure.Broken;

    /// <summary>In words that follow the provider's id.</summary>
    public string Words => Failure switch
    {
        ProviderFailure.RateLimited => "gets too many requests",
        ProviderFailure.Away => "is away",
        ProviderFailure.Slow => "is silent",
        ProviderFailure.Broken => "breaks its answers off",
        ProviderFailure.KeyRefused => "refuses the server's key",
        _ => "does not accept the request or has no such model",
    };
}

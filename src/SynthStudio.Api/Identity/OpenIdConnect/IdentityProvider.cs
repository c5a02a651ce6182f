namespace SynthStudio.Api.Identity.OpenIdConnect;

/// <summary>Who signed in at a provider.</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The person there.</param>
/// <param name="Email">Their address, if the provider vouches for it; else empty.</param>
/// <param name="DisplayName">For people; may be empty.</param>
internal sealed record ProviderPerson(string Issuer, string Subject, string Email, string DisplayName);

/// <summary>What a provider sent the browser back with.</summary>
/// <param name="Code">To be exchanged.</param>
/// <param name="Issuer">Who says so (RFC 9207); empty where it does not.</param>
internal readonly record struct ProviderAnswer(string Code, string Issuer);

/// <summary>A provider by which people sign in.</summary>
internal abstract class IdentityProvider(OpenIdProviderOptions options)
{
    public OpenIdProviderOptions Options { get; } = options;

    /// <summary>Where to send the browser.</summary>
    /// <exception cref="ProviderException">The provider cannot be asked for its addresses.</exception>
    public abstract Task<Uri> AuthorizeAsync(ProviderFlow flow, string redirectUri, CancellationToken cancellation);

    /// <summary>Who it was, from what the browser came back with.</summary>
    /// <exception cref="ProviderException">The answer cannot be believed, or the provider does not answer.</exception>
    public abstract Task<ProviderPerson> RedeemAsync(ProviderFlow flow, string redirectUri, ProviderAnswer answer, CancellationToken cancellation);
}

/// <summary>A provider's answer cannot be believed, or there is none.</summary>
/// <param name="message">What is wrong, without anything secret.</param>
/// <param name="isAway">Whether it may be there later.</param>
/// <param name="inner">The cause.</param>
internal sealed class ProviderException(string message, bool isAway = false, Exception? inner = null) : Exception(message, inner)
{
    public bool IsAway { get; } = isAway;
}

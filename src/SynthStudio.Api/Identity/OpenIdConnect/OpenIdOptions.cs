using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Api.Identity.OpenIdConnect;

/// <summary>Other providers that people may sign in by. The attributes say what is allowed; the host checks them.</summary>
public sealed class OpenIdOptions : IValidatableObject
{
    /// <summary>The providers.</summary>
    public IList<OpenIdProviderOptions> Providers { get; init; } = [];

    /// <summary>Addresses that providers may send browsers back to, in full. Programs on the user's own machine (http://127.0.0.1) need no entry.</summary>
    public IList<string> RedirectUris { get; init; } = [];

    /// <summary>What each provider needs.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < Providers.Count; i++)
        {
            if (Providers[i].Problem() is { } problem) yield return new ValidationResult(problem, [$"{nameof(Providers)}:{i}"]);
        }

        if (Providers.Select(p => p.Id).Distinct().Count() < Providers.Count) yield return new ValidationResult("have two entries with the same Id.", [nameof(Providers)]);
        foreach (var uri in RedirectUris.Where(uri => !IsRedirect(uri)))
        {
            yield return new ValidationResult(
                $"holds \"{uri}\"; each must be a whole https address without fragment, such as https://studio.example.org/signed-in (http on this machine only: who listens on the way could sign in as others).",
                [nameof(RedirectUris)]);
        }

        static bool IsRedirect(string text) =>
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback))
            && uri.Fragment.Length == 0;
    }
}

/// <summary>How a provider is spoken to.</summary>
public enum ProviderPreset
{
    /// <summary>By OpenID Connect; its addresses and keys are found from its authority.</summary>
    OpenId,

    /// <summary>OpenID Connect at Google's authority.</summary>
    Google,

    /// <summary>GitHub, which speaks OAuth 2.0 only: who signed in is asked of its API.</summary>
    GitHub,
}

/// <summary>One provider.</summary>
public sealed class OpenIdProviderOptions
{
    /// <summary>By which clients name it: lower-case letters, digits and hyphens.</summary>
    public string Id { get; set; } = "";

    /// <summary>For people; empty takes the id.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary><c>openId</c>, <c>google</c> or <c>gitHub</c>.</summary>
    public ProviderPreset Preset { get; set; }

    /// <summary>The issuer, <c>https://…</c>; empty takes the preset's.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Address of GitHub's API, for an enterprise's own; empty takes the public one.</summary>
    public string Api { get; set; } = "";

    /// <summary>As which we are known there.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Our secret there; empty for none.</summary>
    [DataType(DataType.Password)]
    public string ClientSecret { get; set; } = "";

    /// <summary>
    /// Whether who comes for the first time becomes a user, unless registration is closed. Else they need an invitation to the address that
    /// the provider vouches for, or an account that they link.
    /// </summary>
    public bool NewUsers { get; set; }

    /// <summary>The issuer in full.</summary>
    internal Uri AuthorityUri => new(Authority.Length > 0 ? Authority : Preset switch
    {
        ProviderPreset.Google => "https://accounts.google.com",
        ProviderPreset.GitHub => "https://github.com",
        _ => throw new InvalidOperationException("The options were not checked."),
    });

    internal Uri ApiUri => new(Api.Length > 0 ? Api : "https://api.github.com");

    /// <summary>What is wrong; null for nothing.</summary>
    internal string? Problem()
    {
        if (!Authorization.ResourcePattern.IsId(Id) || Id == "password") return "needs an Id of lower-case letters, digits and hyphens other than password.";
        if (ClientId.Length == 0) return "needs a ClientId.";
        if (Preset == ProviderPreset.OpenId && Authority.Length == 0) return "needs an Authority, or the Preset google or gitHub.";
        return IsSafe(Authority) && IsSafe(Api) ? null : "has an Authority or Api that is no https address.";

        static bool IsSafe(string text) => text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || uri.IsLoopback));
    }
}

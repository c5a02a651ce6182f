using SynthStudio.Api.Errors;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Identity;

/// <summary>Makes API keys. The text of a key exists in the answer of <see cref="IssueAsync"/> and nowhere else.</summary>
public sealed class ApiKeyIssuer(ApiKeyStore keys, ApiOptions options, TimeProvider time)
{
    /// <summary>Creates and stores a key.</summary>
    /// <param name="owner">The user it speaks for, <c>users/{user}</c>.</param>
    /// <param name="displayName">For people.</param>
    /// <param name="scope">What it is good for.</param>
    /// <param name="expires">When it stops to work; null for never.</param>
    /// <param name="password">The hash of the owner's password, where they gave it for this; null for none.</param>
    /// <param name="maker">Who makes it, <c>users/{user}</c>; empty for the server itself, which makes any number.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>What is stored, and the whole key as the client sends it.</returns>
    /// <exception cref="RpcException">UNAUTHENTICATED: the password was changed meanwhile. RESOURCE_EXHAUSTED: the owner has as many
    /// good keys as a user may have.</exception>
    /// <exception cref="NotOwnerException">It is of a service account of a project that the maker does not own (any more).</exception>
    public async Task<(ApiKeyRecord Key, string Text)> IssueAsync(
        string owner, string displayName, AccessScope scope, DateTimeOffset? expires, string? password = null, string maker = "",
        CancellationToken cancellation = default)
    {
        var text = ApiKeyText.Create(options.Environment);
        var key = new ApiKeyRecord
        {
            Id = text.Id,
            SecretHash = text.HashSecret(),
            Owner = owner,
            Maker = maker,
            DisplayName = displayName,
            Scopes = ApiKeyScopes.Store(scope),
            CreateTime = time.Now(),
            ExpireTime = expires,
        };
        return await keys.TryCreateAsync(key, password, maker.Length == 0 ? int.MaxValue : options.MaxApiKeysPerUser, cancellation) switch
        {
            KeyOutcome.PasswordChanged => throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The password was changed meanwhile. Sign in again."),
            KeyOutcome.TooMany => throw ApiErrors.QuotaExceeded(
                owner, "api_keys", left: 0,
                $"{owner} has {options.MaxApiKeysPerUser} API keys that are good, as many as a user may have. Revoke one that is not needed, or ask the operator for more (SynthStudio:Api:MaxApiKeysPerUser)."),
            _ => (key, text.ToString()),
        };
    }
}

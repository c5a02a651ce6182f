using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SynthStudio.Api.Identity;

/// <summary>Makes the short-lived tokens that an API key is exchanged for (RFC 9068: <c>at+jwt</c>, ES256).</summary>
internal sealed class TokenIssuer(SigningKeyRing keys, ApiOptions options, TimeProvider time)
{
    public const string TokenType = "at+jwt";
    public const string ScopeClaim = "scope";
    public const string KeyClaim = "client_id";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token that speaks for the caller, never longer than the key it was made from.</summary>
    public async Task<(string Token, DateTimeOffset ExpireTime)> IssueAsync(Caller caller, CancellationToken cancellation)
    {
        var ring = await keys.GetAsync(cancellation);
        var now = time.GetUtcNow();
        var expires = caller.ExpireTime < now + Lifetime ? caller.ExpireTime : now + Lifetime;
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Issuer,
            Audience = options.Audience,
            TokenType = TokenType,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            SigningCredentials = new SigningCredentials(ring.Signing.Pair, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = caller.User,
                [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7().ToString(),
                [KeyClaim] = caller.KeyId,
                [ScopeClaim] = caller.Scope.ToString().ToLowerInvariant(),
            },
        });
        return (token, expires);
    }
}

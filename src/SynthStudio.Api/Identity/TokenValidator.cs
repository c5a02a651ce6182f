using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SynthStudio.Api.Identity;

/// <summary>What a token says.</summary>
internal readonly record struct TokenClaims(string User, string KeyId, AccessScope Scope, DateTimeOffset ExpireTime);

/// <summary>Verifies tokens: our own issuer and audience, ES256 and <c>at+jwt</c> only, 30 s of clock skew.</summary>
internal sealed class TokenValidator(SigningKeyRing keys, ApiOptions options, TimeProvider time)
{
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
    private const int LongestToken = 4096;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    /// <summary>The claims of a token; null when it is not valid.</summary>
    public async Task<TokenClaims?> ValidateAsync(string token, CancellationToken cancellation)
    {
        var ring = await keys.GetAsync(cancellation);
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [TokenIssuer.TokenType],
            IssuerSigningKeys = ring.Published.Select(k => k.Pair),
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = InTime,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt) return null;
        if (!jwt.TryGetPayloadValue<string>(TokenIssuer.KeyClaim, out var key)
            || !jwt.TryGetPayloadValue<string>(TokenIssuer.ScopeClaim, out var scopeName)
            || !Enum.TryParse<AccessScope>(scopeName, ignoreCase: true, out var scope)) return null;
        return new TokenClaims(jwt.Subject, key, scope, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero) + ClockSkew);
    }

    private bool InTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + ClockSkew && (notBefore is not { } start || now > start - ClockSkew);
    }
}

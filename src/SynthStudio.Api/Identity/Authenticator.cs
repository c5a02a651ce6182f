using System.Collections.Concurrent;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Sessions;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity;

/// <summary>
/// From the headers of a call to who makes it. Accepts API keys, and tokens made from them or of sessions. What was verified is remembered for
/// <see cref="Lifetime"/>: a revoked key, a disabled user or a changed role counts within that time, and at once where replicas can tell each other.
/// </summary>
internal sealed class Authenticator(ApiKeyStore keys, SessionStore sessions, TokenValidator tokens, TimeProvider time, ILogger<Authenticator> log)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);
    private const int Capacity = 10_000;
    private const string BearerPrefix = "Bearer ";

    private readonly ConcurrentDictionary<CredentialDigest, Entry> _verified = new();
    private long _generation;

    /// <exception cref="RpcException">UNAUTHENTICATED: no credential, or none that works.</exception>
    public ValueTask<Caller> AuthenticateAsync(ServerCallContext context)
    {
        var credential = Read(context) ?? throw ApiErrors.Unauthenticated(
            ErrorReasons.CredentialsMissing, "Send an API key or a token in the header: authorization: Bearer ...");
        return VerifyAsync(credential, context.CancellationToken);
    }

    /// <summary>Verifies an API key or token.</summary>
    public ValueTask<Caller> VerifyAsync(string credential, CancellationToken cancellation)
    {
        var digest = CredentialDigest.Of(credential);
        return _verified.TryGetValue(digest, out var entry) && time.GetElapsedTime(entry.Timestamp) < Lifetime
            && entry.Caller.ExpireTime > time.GetUtcNow()
            ? new ValueTask<Caller>(entry.Caller)
            : new ValueTask<Caller>(VerifyAnewAsync(credential, digest, cancellation));
    }

    /// <summary>Forgets what was verified, and what is being verified now: something was revoked.</summary>
    public void Invalidate()
    {
        Interlocked.Increment(ref _generation);
        _verified.Clear();
    }

    private static string? Read(ServerCallContext context)
    {
        var headers = context.GetHttpContext().Request.Headers;
        var authorization = headers.Authorization;
        if (authorization.Count == 1 && authorization[0] is { } value)
            return value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? value[BearerPrefix.Length..].Trim() : null;
        return headers.TryGetValue("x-api-key", out var key) && key.Count == 1 ? key[0] : null;
    }

    private async Task<Caller> VerifyAnewAsync(string credential, CredentialDigest digest, CancellationToken cancellation)
    {
        var generation = Volatile.Read(ref _generation);
        var caller = ApiKeyText.LooksLikeOne(credential)
            ? await VerifyKeyAsync(credential, cancellation)
            : await VerifyTokenAsync(credential, cancellation);
        if (_verified.Count >= Capacity) _verified.Clear();
        _verified[digest] = new Entry(caller, time.GetTimestamp());
        if (generation != Volatile.Read(ref _generation)) _verified.TryRemove(digest, out _); // What was read may be older than the revocation.
        return caller;
    }

    private async Task<Caller> VerifyKeyAsync(string credential, CancellationToken cancellation)
    {
        if (ApiKeyText.Parse(credential) is not { } text || await keys.FindAsync(text.Id, cancellation) is not { } found || !text.Matches(found.Key.SecretHash))
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "There is no such API key.");
        var caller = Check(found.Key, found.Owner, ApiKeyScopes.Load(found.Key), found.Key.ExpireTime ?? DateTimeOffset.MaxValue);
        await TouchAsync(found.Key, cancellation);
        return caller;
    }

    private async Task<Caller> VerifyTokenAsync(string credential, CancellationToken cancellation)
    {
        var claims = await tokens.ValidateAsync(credential, cancellation)
            ?? throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The token is not valid (any more). Get a new one by CreateToken or RefreshSession.");
        if (RefreshToken.IsSession(claims.KeyId)) return await CheckSessionAsync(claims, cancellation);
        if (await keys.FindAsync(claims.KeyId, cancellation) is not { } found || found.Owner.Name != claims.User)
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The API key that the token was made from is gone.");
        return Check(found.Key, found.Owner, claims.Scope, claims.ExpireTime);
    }

    private async Task<Caller> CheckSessionAsync(TokenClaims claims, CancellationToken cancellation)
    {
        if (await sessions.FindAsync(claims.KeyId, cancellation) is not var (session, owner) || owner.Name != claims.User || !session.IsValid(time.GetUtcNow()))
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The session of this token has ended. Sign in again.");
        if (owner.Disabled) throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, $"{owner.Name} is locked out.");
        return new Caller(owner.Name, owner.Role, claims.Scope, session.Id, claims.ExpireTime);
    }

    private Caller Check(ApiKeyRecord key, UserRecord owner, AccessScope scope, DateTimeOffset expires)
    {
        if (!key.IsValid(time.GetUtcNow()))
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The API key has been revoked or has expired.");
        if (owner.Disabled) throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, $"{owner.Name} is locked out.");
        return new Caller(owner.Name, owner.Role, scope, key.Id, expires);
    }

    private async Task TouchAsync(ApiKeyRecord key, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (key.LastUseTime is { } last && now - last < TimeSpan.FromMinutes(1)) return;
        try
        {
            await keys.TouchAsync(key.Id, now, cancellation);
        }
        catch (System.Data.Common.DbException e)
        {
            log.TouchFailed(key.Id, e); // A busy database must not refuse a good key.
        }
    }

    private readonly record struct Entry(Caller Caller, long Timestamp);
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
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
    private const int SeenPlaces = 4096;
    private const string BearerPrefix = "Bearer ";

    private readonly ConcurrentDictionary<CredentialDigest, Entry> _verified = new();

    /// <summary>
    /// Entries by the very string of a header, in the place of its hash: for a connection that sends the same one again
    /// the server has the same string again.
    /// </summary>
    private readonly Seen?[] _seen = new Seen?[SeenPlaces];
    private long _generation;

    /// <exception cref="RpcException">UNAUTHENTICATED: no credential, or none that works.</exception>
    public ValueTask<Caller> AuthenticateAsync(ServerCallContext context)
    {
        var headers = context.GetHttpContext().Request.Headers;
        if (headers.Authorization is [{ } bearer])
        {
            if (PlaceOf(bearer) is { } seen && ReferenceEquals(seen.Header, bearer) && IsGood(seen.Entry))
                return new ValueTask<Caller>(seen.Entry.Caller);
            if (bearer.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
                return VerifyAsync(bearer[BearerPrefix.Length..].Trim(), bearer, context.CancellationToken);
        }
        else if (headers.TryGetValue("x-api-key", out var key) && key is [{ } credential])
        {
            return VerifyAsync(credential, context.CancellationToken);
        }

        throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsMissing, "Send an API key or a token in the header: authorization: Bearer ...");
    }

    /// <summary>Verifies an API key or token.</summary>
    public ValueTask<Caller> VerifyAsync(string credential, CancellationToken cancellation) => VerifyAsync(credential, header: null, cancellation);

    /// <summary>
    /// Verifies once more who makes a call that takes long: the key or session that it was made with still stands. That a token of theirs ran out meanwhile
    /// does not end what was begun with it.
    /// </summary>
    public async ValueTask<Caller> ReverifyAsync(Caller caller, CancellationToken cancellation)
    {
        if (RefreshToken.IsSession(caller.KeyId)) return await CheckSessionAsync(caller.KeyId, caller.User, caller.Scope, caller.ExpireTime, cancellation);
        if (await keys.FindAsync(caller.KeyId, cancellation) is not { } found || found.Owner.Name != caller.User)
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The API key is gone.");
        return Check(found.Key, found.Owner, caller.Scope, caller.ExpireTime);
    }

    /// <summary>Forgets what was verified, and what is being verified now: something was revoked.</summary>
    public void Invalidate()
    {
        Interlocked.Increment(ref _generation);
        _verified.Clear();
        Array.Clear(_seen);
    }

    private bool IsGood(Entry entry) =>
        entry.Generation == Volatile.Read(ref _generation) && time.GetElapsedTime(entry.Timestamp) < Lifetime
        && (entry.Caller.ExpireTime == DateTimeOffset.MaxValue || entry.Caller.ExpireTime > time.GetUtcNow());

    private ref Seen? PlaceOf(string header) => ref _seen[RuntimeHelpers.GetHashCode(header) % _seen.Length];

    private ValueTask<Caller> VerifyAsync(string credential, string? header, CancellationToken cancellation)
    {
        var digest = CredentialDigest.Of(credential);
        if (!_verified.TryGetValue(digest, out var entry) || !IsGood(entry)) return new ValueTask<Caller>(VerifyAnewAsync(credential, digest, cancellation));
        if (header is not null) PlaceOf(header) = new Seen(header, entry);
        return new ValueTask<Caller>(entry.Caller);
    }

    private async Task<Caller> VerifyAnewAsync(string credential, CredentialDigest digest, CancellationToken cancellation)
    {
        var generation = Volatile.Read(ref _generation);
        var caller = ApiKeyText.LooksLikeOne(credential)
            ? await VerifyKeyAsync(credential, cancellation)
            : await VerifyTokenAsync(credential, cancellation);
        if (_verified.Count >= Capacity) _verified.Clear();
        _verified[digest] = new Entry(caller, time.GetTimestamp(), generation);
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
        if (RefreshToken.IsSession(claims.KeyId)) return await CheckSessionAsync(claims.KeyId, claims.User, claims.Scope, claims.ExpireTime, cancellation);
        if (await keys.FindAsync(claims.KeyId, cancellation) is not { } found || found.Owner.Name != claims.User)
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The API key that the token was made from is gone.");
        return Check(found.Key, found.Owner, claims.Scope, claims.ExpireTime);
    }

    private async Task<Caller> CheckSessionAsync(string id, string user, AccessScope scope, DateTimeOffset expires, CancellationToken cancellation)
    {
        if (await sessions.FindAsync(id, cancellation) is not var (session, owner) || owner.Name != user || !session.IsValid(time.GetUtcNow()))
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The session of this token has ended. Sign in again.");
        if (owner.Disabled) throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, $"{owner.Name} is locked out.");
        return new Caller(owner.Name, owner.Role, scope, session.Id, expires);
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

    /// <summary>Good while nothing was revoked since its generation, which was read before the database.</summary>
    private sealed record Entry(Caller Caller, long Timestamp, long Generation);

    private sealed record Seen(string Header, Entry Entry);
}

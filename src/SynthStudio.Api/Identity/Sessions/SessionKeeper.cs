using System.Security.Cryptography;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Replicas;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Sessions;

/// <summary>Begins sessions, refreshes and ends them. A refresh token that comes a second time ends its session: somebody else has it too.</summary>
internal sealed class SessionKeeper(
    SessionStore sessions, TokenIssuer tokens, Revocations revocations, SignInGuard guard, Auditor auditor, AccountOptions options,
    TimeProvider time)
{
    /// <summary>So long a token that was exchanged may come again and gets the same successor: its answer was lost, or two programs share it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Sessions that a user has at most: with one more, the one ends that was refreshed longest ago.</summary>
    public const int MostOfUser = 100;

    private const int SaltBytes = 32;
    private const int LongestAgent = 200;

    /// <summary>Begins a session of somebody who proved who they are, who becomes the caller of the call.</summary>
    /// <param name="user">Who.</param>
    /// <param name="method">How: <c>password</c>, or the id of another provider.</param>
    /// <param name="context">The call.</param>
    /// <param name="password">Hash of the password that was given, if it was by one.</param>
    /// <exception cref="RpcException">
    /// UNAUTHENTICATED: the password was changed meanwhile, or the user locked out. UNAVAILABLE: the trail does not take that another session ended for it.
    /// </exception>
    public async Task<V1.SessionTokens> BeginAsync(UserRecord user, string method, ServerCallContext context, string? password = null)
    {
        var (token, now) = (RefreshToken.Create(), time.Now());
        var agent = context.GetHttpContext().Request.Headers.UserAgent.ToString();
        var session = new SessionRecord
        {
            Id = token.Session,
            Owner = user.Name,
            Method = method,
            Address = CallerAddress.Of(context),
            Agent = agent.Length <= LongestAgent ? agent : agent[..LongestAgent],
            FamilyHash = token.HashFamily(),
            TokenHash = token.Hash(),
            RotateTime = now,
            CreateTime = now,
            ExpireTime = Expiry(now, now),
        };
        if (!await sessions.TryCreateAsync(session, password, context.CancellationToken))
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The password was changed meanwhile, or you were locked out. Sign in again.");
        var answer = await AnswerAsync(session, user, token, context);
        await EndBeyondAsync(session, context);
        return answer;
    }

    /// <summary>Exchanges a refresh token.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: it is not good, or was exchanged before. RESOURCE_EXHAUSTED: too many that were not
    /// good came from this address.</exception>
    public async Task<V1.SessionTokens> RefreshAsync(string text, ServerCallContext context)
    {
        var attempt = await guard.BeginRefreshAsync(context);
        var answer = await ExchangeAsync(text, context);
        await guard.SucceededAsync(attempt, context.CancellationToken);
        return answer;
    }

    private async Task<V1.SessionTokens> ExchangeAsync(string text, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var (token, session, user) = await FindAsync(text, cancellation);
        if (Matches(session.TokenHash, token))
        {
            var (salt, now) = (RandomNumberGenerator.GetBytes(SaltBytes), time.Now());
            var (next, expires) = (token.Next(salt), Expiry(session.CreateTime, now));
            if (await sessions.RotateAsync(session.Id, session.TokenHash, next.Hash(), salt, now, expires, cancellation))
                return await AnswerAsync(session with { ExpireTime = expires }, user, next, context);
            (token, session, user) = await FindAsync(text, cancellation); // Another call was first, or the session ended.
        }

        if (Successor(session, token) is { } successor) return await AnswerAsync(session, user, successor, context);

        await EndAsync(session.Id, cancellation);
        Caller(session, user).AttachTo(context); // For the audit trail.
        throw ApiErrors.Unauthenticated(
            ErrorReasons.RefreshTokenReused, "This refresh token was exchanged before. Somebody else may have it, so its session was ended: sign in again.");
    }

    /// <summary>Ends the session of a refresh token, whichever of its family it is.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: it is of no session that lasts. RESOURCE_EXHAUSTED: too many that were not good came from this address.</exception>
    public async Task SignOutAsync(string text, ServerCallContext context)
    {
        var attempt = await guard.BeginRefreshAsync(context);
        var (_, session, user) = await FindAsync(text, context.CancellationToken);
        Caller(session, user).AttachTo(context);
        await EndAsync(session.Id, context.CancellationToken);
        await guard.SucceededAsync(attempt, context.CancellationToken);
    }

    /// <summary>Ends a session.</summary>
    public async Task EndAsync(string id, CancellationToken cancellation)
    {
        await sessions.RevokeAsync(id, time.Now(), cancellation);
        await revocations.CredentialsChangedAsync();
    }

    private async Task EndBeyondAsync(SessionRecord begun, ServerCallContext context)
    {
        // Not by the call's token: they have ended, whether its caller still waits or not.
        var ended = await sessions.RevokeBeyondAsync(begun.Owner, MostOfUser, except: begun.Id, time.Now(), CancellationToken.None);
        if (ended.Count == 0) return;
        await revocations.CredentialsChangedAsync();
        foreach (var id in ended) await auditor.NoteSessionRevokedAsync(context, $"{begun.Owner}/sessions/{id}");
    }

    private static bool Matches(byte[] hash, RefreshToken token) => CryptographicOperations.FixedTimeEquals(hash, token.Hash());

    /// <summary>The token that is good now, if this one was exchanged for it a moment ago.</summary>
    private RefreshToken? Successor(SessionRecord session, RefreshToken token) =>
        session is { PreviousHash: { } previous, SuccessorSalt: { } salt } && Matches(previous, token) && time.GetUtcNow() - session.RotateTime < Grace
            ? token.Next(salt)
            : null;

    private async Task<(RefreshToken Token, SessionRecord Session, UserRecord User)> FindAsync(string text, CancellationToken cancellation)
    {
        if (RefreshToken.Parse(text) is { } token && await sessions.FindAsync(token.Session, cancellation) is var (session, user)
            && CryptographicOperations.FixedTimeEquals(session.FamilyHash, token.HashFamily()) && session.IsValid(time.GetUtcNow()) && !user.Disabled)
            return (token, session, user);
        throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The refresh token is of no session that lasts. Sign in again.");
    }

    private DateTimeOffset Expiry(DateTimeOffset created, DateTimeOffset now)
    {
        var (idle, end) = (now + options.SessionIdleTime, created + options.SessionLifetime);
        return idle < end ? idle : end;
    }

    private static Caller Caller(SessionRecord session, UserRecord user) => new(user.Name, user.Role, AccessScope.Admin, session.Id, session.ExpireTime);

    private async Task<V1.SessionTokens> AnswerAsync(SessionRecord session, UserRecord user, RefreshToken token, ServerCallContext context)
    {
        var caller = Caller(session, user);
        caller.AttachTo(context); // For the audit trail: the call itself is public.
        var (access, expires) = await tokens.IssueAsync(caller, context.CancellationToken);
        return new V1.SessionTokens
        {
            AccessToken = access,
            AccessTokenExpireTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(expires),
            RefreshToken = token.ToString(),
            SessionExpireTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(session.ExpireTime),
            Session = $"{user.Name}/sessions/{session.Id}",
            User = user.Name,
        };
    }
}

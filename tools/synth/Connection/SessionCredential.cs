using Grpc.Core;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Connection;

/// <summary>The access token of a saved sign-in, refreshed before it stops to work.</summary>
internal sealed class SessionCredential(Uri server, SavedSessions sessions)
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    private SavedSession? session;

    /// <exception cref="BadInputException">There is no sign-in, or it has ended.</exception>
    public async ValueTask<string> GetAsync()
    {
        session ??= sessions.Find(server) ?? throw Ended();
        if (!IsFresh(session))
        {
            session = await sessions.ChangeAsync(server, RefreshAsync, CancellationToken.None) ?? throw Ended();
        }

        return session.AccessToken;
    }

    /// <summary>What is kept of a sign-in.</summary>
    public static SavedSession From(SessionTokens tokens) =>
        new(tokens.User, tokens.Session, tokens.RefreshToken, tokens.AccessToken, tokens.AccessTokenExpireTime.ToDateTimeOffset());

    private static bool IsFresh(SavedSession known) => known.AccessTokenExpires - Early > TimeProvider.System.GetUtcNow();

    private async Task<SavedSession?> RefreshAsync(SavedSession? known)
    {
        if (known is null || IsFresh(known))
        {
            return known; // Another command was first.
        }

        using var client = new SynthClient(server, credential: null, project: "");
        try
        {
            return From(await client.Accounts.RefreshSessionAsync(new RefreshSessionRequest { RefreshToken = known.RefreshToken }));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            return null;
        }
    }

    private BadInputException Ended() => new($"You are not signed in at {server} (any more): synth login --server {server}");
}

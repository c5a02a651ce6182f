using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Sessions;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>
/// Has who calls prove who they are before what cannot be undone, or lets somebody in for ever: by all that their account has, and who
/// comes by another provider alone by a sign-in of just now, since there is no password here that could be asked for.
/// </summary>
internal sealed class PersonProof(
    AccountStore accounts, ExternalIdentityStore identities, SessionStore sessions, PasswordSignIn signIn, TimeProvider time)
{
    /// <summary>A session that began no longer ago proves who it is of.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);

    /// <summary>Asks for the proof. Who comes by API keys alone has none to give, and is asked for nothing.</summary>
    /// <param name="user">The caller.</param>
    /// <param name="password">The password that they gave.</param>
    /// <param name="code">The code of the second factor that they gave.</param>
    /// <param name="context">The call.</param>
    /// <exception cref="RpcException">
    /// INVALID_ARGUMENT: the password is missing. UNAUTHENTICATED: something is wrong. RESOURCE_EXHAUSTED: too many attempts. FAILED_PRECONDITION
    /// (SIGN_IN_AGAIN): they come by another provider, and signed in too long ago.
    /// </exception>
    public async Task DemandAsync(string user, string password, string code, ServerCallContext context)
    {
        var account = await accounts.FindAsync(user, context.CancellationToken);
        await signIn.ConfirmAllAsync(account, password, code, context);
        if (account?.Password.Length > 0) return;
        if (account is not null || (await identities.ListAsync(user, context.CancellationToken)).Count > 0) await DemandFreshAsync(user, context);
    }

    private async Task DemandFreshAsync(string user, ServerCallContext context)
    {
        var id = Caller.Of(context).KeyId;
        if (RefreshToken.IsSession(id) && await sessions.FindAsync(id, context.CancellationToken) is var (session, _)
            && time.GetUtcNow() - session.CreateTime <= FreshFor) return;
        throw ApiErrors.Precondition(
            ErrorReasons.SignInAgain, user,
            $"{user} has no password that could be asked for: sign in by the provider again, and call within {FreshFor.TotalMinutes:0} minutes with the token of that sign-in.");
    }
}

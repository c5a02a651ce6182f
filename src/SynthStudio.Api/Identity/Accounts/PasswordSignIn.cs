using SynthStudio.Api.Auditing;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Passwords;
using SynthStudio.Api.Identity.SecondFactor;
using SynthStudio.Api.Identity.Sessions;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>
/// Signs in by a password, and asks for it again before what is worth it. Answers and work are the same whether
/// an address has an account or not.
/// </summary>
internal sealed class PasswordSignIn(
    AccountStore accounts, PasswordHasher passwords, SecondFactors factors, SessionKeeper sessions, SignInGuard guard,
    AccountErrands errands, Auditor auditor)
{
    /// <summary>How such a session began.</summary>
    public const string Method = "password";

    /// <summary>Signs in.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: something is wrong, or a second factor is needed. RESOURCE_EXHAUSTED: too many attempts.</exception>
    public async Task<V1.SessionTokens> SignInAsync(EmailAddress email, string password, string secondFactor, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var found = await accounts.FindByEmailAsync(email.Key, cancellation);
        var attempt = await guard.BeginAsync(email.Key, found?.Account.Owner, context, cancellation);
        var isRight = await passwords.VerifyAsync(found?.Account.Password ?? "", password, cancellation);
        if (!isRight || found is not var (account, user) || user.Disabled)
        {
            if (found is { } known) NoteRefusal(known.Account.Owner, ErrorReasons.CredentialsInvalid, context);
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "Address or password is wrong.");
        }

        if (account.SecondFactorActive) await CheckFactorAsync(account, secondFactor, context);
        await guard.SucceededAsync(attempt, cancellation);
        var hash = account.Password;
        if (passwords.IsOutdated(hash))
        {
            var better = await passwords.HashAsync(password, cancellation);
            if (await accounts.RehashAsync(account.Owner, hash, better, cancellation)) hash = better;
        }

        return await sessions.BeginAsync(user, Method, context, hash);
    }

    /// <summary>Asks somebody who is signed in for their password again.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: it is wrong. RESOURCE_EXHAUSTED: too many attempts.</exception>
    public async Task ConfirmAsync(AccountRecord account, string password, ServerCallContext context)
    {
        PasswordRules.CheckGiven(password, "password");
        var attempt = await BeginAsync("confirm", account, context);
        if (!await passwords.VerifyAsync(account.Password, password, context.CancellationToken))
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The password is wrong.");
        await guard.SucceededAsync(attempt, context.CancellationToken);
    }

    /// <summary>Asks somebody who is signed in for a code of their second factor.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: it is wrong. RESOURCE_EXHAUSTED: too many attempts.</exception>
    public async Task ConfirmFactorAsync(AccountRecord account, string code, ServerCallContext context)
    {
        var attempt = await BeginAsync("factor", account, context);
        await CheckCodeAsync(account, code, context);
        await guard.SucceededAsync(attempt, context.CancellationToken);
    }

    /// <summary>
    /// Asks who calls for all that their account has, before what outlasts the call: who has a token for a
    /// moment is not to come back for ever.
    /// </summary>
    /// <param name="account">The caller's account; null for who comes by API keys alone, and is asked for nothing.</param>
    /// <param name="password">The password that they gave.</param>
    /// <param name="code">The code of the second factor that they gave.</param>
    /// <param name="context">The call.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT: the password is missing. UNAUTHENTICATED: something is wrong. RESOURCE_EXHAUSTED: too many attempts.</exception>
    public async Task ConfirmAllAsync(AccountRecord? account, string password, string code, ServerCallContext context)
    {
        if (account?.Password.Length > 0) await ConfirmAsync(account, password, context);
        if (account?.SecondFactorActive == true) await ConfirmFactorAsync(account, code, context);
    }

    /// <summary>Uses a code up. Those of an app are six digits, so that guesses of them are also counted by the day.</summary>
    private async Task CheckCodeAsync(AccountRecord account, string code, ServerCallContext context)
    {
        if (!TimeCodes.LooksLikeOne(code))
        {
            await factors.CheckAsync(account, code, context.CancellationToken);
            return;
        }

        var attempt = await guard.BeginCodeAsync(account.Owner, context);
        await factors.CheckAsync(account, code, context.CancellationToken);
        await guard.SucceededAsync(attempt, context.CancellationToken);
    }

    /// <summary>Counted apart from sign-ins: what strangers try keeps nobody out who is in.</summary>
    private Task<SignInGuard.Attempt> BeginAsync(string purpose, AccountRecord account, ServerCallContext context) =>
        guard.BeginAsync($"{purpose} {account.Owner}", account.Owner, context, context.CancellationToken);

    private async Task CheckFactorAsync(AccountRecord account, string code, ServerCallContext context)
    {
        if (code.Length == 0)
            throw ApiErrors.Unauthenticated(ErrorReasons.SecondFactorRequired, "The password is right; a code of the second factor is needed too (second_factor).");
        try
        {
            await CheckCodeAsync(account, code, context);
        }
        catch (RpcException)
        {
            NoteRefusal(account.Owner, ErrorReasons.SecondFactorWrong, context);
            throw;
        }
    }

    /// <summary>Only for accounts that exist, so not in the call's own time.</summary>
    private void NoteRefusal(string user, string reason, ServerCallContext context)
    {
        var refusal = Auditor.Refusal(context, user, reason);
        errands.TryNote("note of a refused sign-in", _ => auditor.NoteAsync(refusal));
    }
}

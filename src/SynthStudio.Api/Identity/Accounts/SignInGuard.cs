using System.Security.Cryptography;
using System.Text;
using SynthStudio.Api.Errors;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>
/// Keeps guessing slow: by account and address, by address, and by account from all addresses. All refill by themselves, a password that was right
/// gives its attempt back, and who floods an account from everywhere does not keep its owner out, who comes from an address that they signed in
/// from before. Accounts that do not exist are counted alike.
/// </summary>
internal sealed class SignInGuard(AttemptStore attempts, SessionStore sessions, TimeProvider time)
{
    /// <summary>Wrong passwords for one account from one address.</summary>
    public static readonly AttemptRate Pair = new(5, TimeSpan.FromMinutes(3));

    /// <summary>For one account from anywhere: guesses of a six-digit code by who knows the password stay hopeless.</summary>
    public static readonly AttemptRate Account = new(50, TimeSpan.FromSeconds(72));

    /// <summary>For any account from one address.</summary>
    public static readonly AttemptRate Address = new(100, TimeSpan.FromSeconds(10));

    /// <summary>Mails to one address.</summary>
    private static readonly AttemptRate Mail = new(3, TimeSpan.FromMinutes(20));

    /// <summary>Mails asked for, and tokens and codes of other providers tried, from one address.</summary>
    private static readonly AttemptRate Anonymous = new(300, TimeSpan.FromSeconds(2));

    private static readonly TimeSpan KnownFor = TimeSpan.FromDays(30);

    /// <summary>Counts an attempt to sign in.</summary>
    /// <param name="account">The address of the account, or of none; or another name for what is tried.</param>
    /// <param name="owner">The account's user; null when there is no account.</param>
    /// <param name="context">The call; says where it comes from.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: not now; the error says when.</exception>
    public Task<Attempt> BeginAsync(string account, string? owner, ServerCallContext context, CancellationToken cancellation) =>
        BeginAsync(account, owner, CallerAddress.Of(context), CallerAddress.NetworkOf(context), cancellation);

    /// <param name="account">The address of the account, or of none; or another name for what is tried.</param>
    /// <param name="owner">The account's user; null when there is no account.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="network">The network of the address that is one caller.</param>
    /// <param name="cancellation">Stops the call.</param>
    internal async Task<Attempt> BeginAsync(string account, string? owner, string address, string network, CancellationToken cancellation)
    {
        var attempt = new Attempt(
            new(Subject("pair", $"{account}\n{network}"), Pair), new(Subject("account", account), Account), new(Subject("address", network), Address));
        var refusal = await attempts.CountAsync([attempt.Address, attempt.Account!.Value, attempt.Pair], time.GetUtcNow(), cancellation);
        if (refusal?.Subject == attempt.Account?.Subject && owner is not null
            && await sessions.IsKnownAddressAsync(owner, address, time.GetUtcNow() - KnownFor, cancellation))
        {
            attempt = attempt with { Account = null }; // Not counted there, so not given back there.
            refusal = await attempts.CountAsync([attempt.Address, attempt.Pair], time.GetUtcNow(), cancellation);
        }

        return refusal is { } refused ? throw ApiErrors.TooManyAttempts(refused.Wait) : attempt;
    }

    /// <summary>The attempt was a good one.</summary>
    public Task SucceededAsync(Attempt attempt, CancellationToken cancellation) =>
        attempts.ReturnAsync(attempt.Pair.Subject, attempt.Account is { } account ? [attempt.Address, account] : [attempt.Address], cancellation);

    /// <summary>Counts a call of nobody known.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: not now; the error says when.</exception>
    public async Task AdmitAnonymousAsync(ServerCallContext context, CancellationToken cancellation)
    {
        var address = CallerAddress.NetworkOf(context);

        if (await attempts.CountAsync([new(Subject("anonymous", address), Anonymous)], time.GetUtcNow(), cancellation) is { } refused) throw ApiErrors.TooManyAttempts(refused.Wait);
    }

    /// <summary>Whether one more mail of a kind may go to an address.</summary>
    public async Task<bool> MayMailAsync(MailPurpose purpose, string emailKey, CancellationToken cancellation) =>
        await attempts.CountAsync([new(Subject($"mail {purpose}", emailKey), Mail)], time.GetUtcNow(), cancellation) is null;

    /// <summary>Names of people and addresses are not stored, only what they hash to.</summary>
    private static string Subject(string kind, string name) => $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16])}";

    /// <summary>Where an attempt was counted.</summary>
    public sealed record Attempt(AttemptBucket Pair, AttemptBucket? Account, AttemptBucket Address);
}

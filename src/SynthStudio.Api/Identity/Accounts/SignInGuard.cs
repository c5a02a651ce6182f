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
    private static readonly AttemptRate Anonymous = new(100, TimeSpan.FromSeconds(30));

    private static readonly TimeSpan KnownFor = TimeSpan.FromDays(30);

    /// <summary>Counts an attempt to sign in.</summary>
    /// <param name="emailKey">The address of the account, or of none; for users without, their name.</param>
    /// <param name="owner">The account's user; null when there is no account.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: not now; the error says when.</exception>
    public async Task<Attempt> BeginAsync(string emailKey, string? owner, string address, CancellationToken cancellation)
    {
        var attempt = new Attempt(Subject("pair", $"{emailKey}\n{address}"), Subject("account", emailKey), Subject("address", address));
        await CountAsync(attempt.Address, Address, cancellation);
        await CountAsync(attempt.Pair, Pair, cancellation);
        var wait = await attempts.CountAsync(attempt.Account, Account, time.GetUtcNow(), cancellation);
        if (wait > TimeSpan.Zero && !(owner is not null && await sessions.IsKnownAddressAsync(owner, address, time.GetUtcNow() - KnownFor, cancellation)))
            throw ApiErrors.TooManyAttempts(wait);
        return attempt;
    }

    /// <summary>The attempt was a good one.</summary>
    public async Task SucceededAsync(Attempt attempt, CancellationToken cancellation)
    {
        await attempts.ClearAsync(attempt.Pair, cancellation);
        await attempts.ReturnAsync(attempt.Account, Account, cancellation);
        await attempts.ReturnAsync(attempt.Address, Address, cancellation);
    }

    /// <summary>Counts a call of nobody known.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: not now; the error says when.</exception>
    public Task AdmitAnonymousAsync(string address, CancellationToken cancellation) => CountAsync(Subject("anonymous", address), Anonymous, cancellation);

    /// <summary>Whether one more mail may go to an address.</summary>
    public async Task<bool> MayMailAsync(string emailKey, CancellationToken cancellation) =>
        await attempts.CountAsync(Subject("mail", emailKey), Mail, time.GetUtcNow(), cancellation) == TimeSpan.Zero;

    /// <summary>Names of people and addresses are not stored, only what they hash to.</summary>
    private static string Subject(string kind, string name) => $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16])}";

    private async Task CountAsync(string subject, AttemptRate rate, CancellationToken cancellation)
    {
        var wait = await attempts.CountAsync(subject, rate, time.GetUtcNow(), cancellation);
        if (wait > TimeSpan.Zero) throw ApiErrors.TooManyAttempts(wait);
    }

    /// <summary>Where an attempt was counted.</summary>
    public sealed record Attempt(string Pair, string Account, string Address);
}

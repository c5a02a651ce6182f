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

    /// <summary>For one account from anywhere.</summary>
    public static readonly AttemptRate Account = new(50, TimeSpan.FromSeconds(72));

    /// <summary>
    /// Wrong codes of a second factor for one account, by who knows its password: about eight a day. Three codes of a million are good at a
    /// time, so that a year of it finds one in a hundred accounts. Recovery codes are not counted here: their owner still comes in by them.
    /// </summary>
    public static readonly AttemptRate Code = new(10, TimeSpan.FromHours(3));

    /// <summary>For any account from one address.</summary>
    public static readonly AttemptRate Address = new(100, TimeSpan.FromSeconds(10));

    /// <summary>Mails to one address.</summary>
    private static readonly AttemptRate Mail = new(3, TimeSpan.FromMinutes(20));

    /// <summary>Mails asked for, and tokens and codes of other providers tried, from one address.</summary>
    private static readonly AttemptRate Anonymous = new(300, TimeSpan.FromSeconds(2));

    /// <summary>Refresh tokens tried from one address that were not good.</summary>
    public static readonly AttemptRate Refresh = new(300, TimeSpan.FromSeconds(2));

    /// <summary>Invitations to projects that one user sends.</summary>
    private static readonly AttemptRate Inviter = new(50, TimeSpan.FromMinutes(10));

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
        var refusal = await attempts.CountAsync([attempt.Address, attempt.Account!.Value, attempt.Pair], cancellation);
        if (refusal?.Subject == attempt.Account?.Subject && owner is not null
            && await sessions.IsKnownAddressAsync(owner, address, time.GetUtcNow() - KnownFor, cancellation))
        {
            attempt = attempt with { Account = null }; // Not counted there, so not given back there.
            refusal = await attempts.CountAsync([attempt.Address, attempt.Pair], cancellation);
        }

        return refusal is { } refused ? throw ApiErrors.TooManyAttempts(refused.Wait) : attempt;
    }

    /// <summary>The attempt was a good one.</summary>
    public Task SucceededAsync(Attempt attempt, CancellationToken cancellation) =>
        attempts.ReturnAsync(attempt.Account is { } account ? [attempt.Address, account] : [attempt.Address], attempt.Pair.Subject, cancellation);

    /// <summary>The attempt was a good one, and says nothing of those before.</summary>
    public Task SucceededAsync(AttemptBucket attempt, CancellationToken cancellation) => attempts.ReturnAsync([attempt], cleared: null, cancellation);

    /// <summary>
    /// Counts a code of a second factor. Who comes from an address that the account's owner signed in from before is counted apart: who tries codes from
    /// elsewhere does not keep the owner out.
    /// </summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: not now; the error says when.</exception>
    public Task<AttemptBucket> BeginCodeAsync(string owner, ServerCallContext context) =>
        BeginCodeAsync(owner, CallerAddress.Of(context), CallerAddress.NetworkOf(context), context.CancellationToken);

    /// <param name="owner">The account's user.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="network">The network of the address that is one caller.</param>
    /// <param name="cancellation">Stops the call.</param>
    internal async Task<AttemptBucket> BeginCodeAsync(string owner, string address, string network, CancellationToken cancellation)
    {
        var isKnown = await sessions.IsKnownAddressAsync(owner, address, time.GetUtcNow() - KnownFor, cancellation);
        return await BeginAsync(new AttemptBucket(Subject("code", isKnown ? $"{owner}\n{network}" : owner), Code), cancellation);
    }

    /// <summary>Counts a refresh token from an address.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: not now; the error says when.</exception>
    public Task<AttemptBucket> BeginRefreshAsync(ServerCallContext context) =>
        BeginAsync(new AttemptBucket(Subject("refresh", CallerAddress.NetworkOf(context)), Refresh), context.CancellationToken);

    /// <summary>Counts a call of nobody known.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: not now; the error says when.</exception>
    public Task AdmitAnonymousAsync(ServerCallContext context, CancellationToken cancellation) =>
        BeginAsync(new AttemptBucket(Subject("anonymous", CallerAddress.NetworkOf(context)), Anonymous), cancellation);

    /// <summary>Counts an invitation to a project, of who sends it and of the address that it goes to.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: not now; the error says when.</exception>
    public async Task AdmitInvitationAsync(string inviter, string emailKey, CancellationToken cancellation)
    {
        AttemptBucket[] buckets = [new(Subject("inviter", inviter), Inviter), MailsOf(MailPurpose.ProjectInvitation, emailKey)];
        if (await attempts.CountAsync(buckets, cancellation) is { } refused) throw ApiErrors.TooManyAttempts(refused.Wait);
    }

    /// <summary>Whether one more mail of a kind may go to an address.</summary>
    public async Task<bool> MayMailAsync(MailPurpose purpose, string emailKey, CancellationToken cancellation) =>
        await attempts.CountAsync([MailsOf(purpose, emailKey)], cancellation) is null;

    private static AttemptBucket MailsOf(MailPurpose purpose, string emailKey) => new(Subject($"mail {purpose}", emailKey), Mail);

    private async Task<AttemptBucket> BeginAsync(AttemptBucket attempt, CancellationToken cancellation) =>
        await attempts.CountAsync([attempt], cancellation) is { } refused ? throw ApiErrors.TooManyAttempts(refused.Wait) : attempt;

    /// <summary>Names of people and addresses are not stored, only what they hash to.</summary>
    private static string Subject(string kind, string name) => $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16])}";

    /// <summary>Where an attempt was counted.</summary>
    public sealed record Attempt(AttemptBucket Pair, AttemptBucket? Account, AttemptBucket Address);
}

using SynthStudio.Api.Errors;
using SynthStudio.Api.Services;
using SynthStudio.Catalog.Accounts;
using SynthStudio.Catalog.Secrets;

namespace SynthStudio.Api.Identity.SecondFactor;

/// <summary>Second factors of accounts: set up, asked for, and taken away.</summary>
internal sealed class SecondFactors(AccountStore accounts, SecondFactorSeals seals, TimeProvider time)
{
    /// <summary>Makes a secret that counts once a code of it came.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: there is a second factor already.</exception>
    public async Task<byte[]> StartAsync(AccountRecord account, CancellationToken cancellation)
    {
        var secret = TimeCodes.CreateSecret();
        return await accounts.PrepareSecondFactorAsync(account.Owner, seals.Seal(secret, account.Owner), time.Now(), cancellation)
            ? secret
            : throw ApiErrors.Precondition(ErrorReasons.StateForbids, account.Owner, "There is a second factor already. Remove it first.");
    }

    /// <summary>Asks for the second factor from now on; answers new recovery codes.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: the code is wrong. FAILED_PRECONDITION: no secret was made.</exception>
    public async Task<IReadOnlyList<string>> ConfirmAsync(AccountRecord account, string code, CancellationToken cancellation)
    {
        if (account.SecondFactor is null || account.SecondFactorActive)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, account.Owner, "No second factor waits for its first code. Start it first.");
        if (!await TakeCodeAsync(account, code, cancellation)) throw Wrong();
        return await RenewCodesAsync(account, cancellation);
    }

    /// <summary>New recovery codes in place of the old.</summary>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(AccountRecord account, CancellationToken cancellation)
    {
        string[] codes = [.. Enumerable.Range(0, RecoveryCode.Count).Select(_ => RecoveryCode.Create())];
        await accounts.ActivateSecondFactorAsync(account.Owner, [.. codes.Select(code => RecoveryCode.Hash(code)!)], time.Now(), cancellation);
        return codes;
    }

    /// <summary>Uses a code of the app, or a recovery code, up.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: it is wrong, or was used before.</exception>
    public async Task CheckAsync(AccountRecord account, string code, CancellationToken cancellation)
    {
        var isGood = TimeCodes.LooksLikeOne(code)
            ? await TakeCodeAsync(account, code, cancellation)
            : RecoveryCode.Hash(code) is { } hash && await accounts.TakeRecoveryCodeAsync(account.Owner, hash, cancellation);
        if (!isGood) throw Wrong();
    }

    private static RpcException Wrong() =>
        ApiErrors.Unauthenticated(ErrorReasons.SecondFactorWrong, "The code is wrong, too old, or was used before. Wait for the next one.");

    private async Task<bool> TakeCodeAsync(AccountRecord account, string code, CancellationToken cancellation) =>
        account.SecondFactor is { } sealedSecret && TimeCodes.LooksLikeOne(code)
        && TimeCodes.FindStep(seals.Open(sealedSecret, account.Owner), code, time.GetUtcNow()) is { } step
        && await accounts.TakeStepAsync(account.Owner, step, cancellation);
}

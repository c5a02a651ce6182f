using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Services;

/// <summary>Keys of service accounts and other users that somebody made who goes, or is made a lesser member: they know the secrets.</summary>
internal sealed class MadeKeys(ServiceAccountStore accounts, Auditor auditor)
{
    /// <summary>Whether they stay good: only when that is said.</summary>
    public static bool AreKept(bool isSaid, bool revoke) => isSaid && !revoke;

    /// <summary>Who goes, or lowers their role, by themselves does not choose that the keys stay good which they know.</summary>
    public static void DemandAnother(string user, ServerCallContext context)
    {
        if (user == Caller.Of(context).User)
            throw ApiErrors.InvalidField("revoke_made_keys", "cannot be false for yourself: you would keep a way in. Somebody else may do it so, or make new keys first.");
    }

    /// <summary>
    /// Tells the projects whose programs they were of: those do not see the trail of who goes, or which keys a lesser role takes
    /// away, and something of theirs stops to work.
    /// </summary>
    /// <param name="revoked">Names of the keys that were revoked.</param>
    /// <param name="maker">Who had made them.</param>
    /// <param name="context">The call that revoked them.</param>
    /// <exception cref="RpcException">UNAVAILABLE: a trail does not take it.</exception>
    public async Task NoteAsync(IReadOnlyList<string> revoked, string maker, ServerCallContext context)
    {
        foreach (var key in revoked)
        {
            // Not by the call's token: they are revoked, whether its caller still waits or not.
            if (await accounts.FindByOwnerAsync(ResourceName.Root(key), CancellationToken.None) is { } account)
                await auditor.NoteRevokedAsync(context, account, key, maker);
        }
    }
}

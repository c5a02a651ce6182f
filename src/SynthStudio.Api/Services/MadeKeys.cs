using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;

namespace SynthStudio.Api.Services;

/// <summary>Keys of service accounts and other users that somebody made who goes: they know the secrets.</summary>
internal static class MadeKeys
{
    /// <summary>Who goes by themselves does not choose that the keys stay good which they know.</summary>
    public static void DemandAnother(string user, ServerCallContext context)
    {
        if (user == Caller.Of(context).User)
            throw ApiErrors.InvalidField("revoke_made_keys", "cannot be false for yourself: you would keep a way in. Somebody else may remove you so, or make new keys first.");
    }
}

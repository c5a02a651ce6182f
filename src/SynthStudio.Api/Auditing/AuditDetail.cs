using Google.Protobuf;
using SynthStudio.Api.Services;

namespace SynthStudio.Api.Auditing;

/// <summary>
/// What an entry says beside names and outcome: which role or scope was given, and of who is sent off, or made less, whether the keys of
/// others that they made go too. No values of data, no addresses, no secrets.
/// </summary>
internal static class AuditDetail
{
    /// <summary>The detail of a call; empty for most.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="response">What came of it, which also says what was given where nothing was asked for; null where it was refused.</param>
    public static string Of(IMessage request, IMessage? response) => request switch
    {
        V1.SetProjectMemberRequest asked => Word("role", asked.Member?.Role) + (MadeKeys.AreKept(asked.HasRevokeMadeKeys, asked.RevokeMadeKeys) ? " made_keys=kept" : ""),
        V1.DeleteProjectMemberRequest asked => OfMadeKeys(asked.HasRevokeMadeKeys, asked.RevokeMadeKeys),
        V1.DeleteUserRequest asked => OfMadeKeys(asked.HasRevokeMadeKeys, asked.RevokeMadeKeys),
        V1.EraseAccountRequest asked => OfMadeKeys(asked.HasRevokeMadeKeys, asked.RevokeMadeKeys),
        V1.CreateInvitationRequest asked => Word("role", asked.Invitation?.Role),
        V1.CreateServiceAccountRequest asked => Word("role", (response as V1.ServiceAccount)?.Role ?? asked.ServiceAccount?.Role),
        V1.CreateUserRequest asked => Word("role", (response as V1.User)?.Role ?? asked.User?.Role),
        V1.InviteUserRequest asked => Word<V1.UserRole>("role", asked.Role == V1.UserRole.Unspecified ? V1.UserRole.User : asked.Role),
        V1.TransferProjectRequest asked => $"owner={asked.User}",
        V1.CreateApiKeyRequest asked => Word("scope", (response as V1.CreateApiKeyResponse)?.ApiKey?.Scope ?? asked.ApiKey?.Scope),
        V1.CreateServiceAccountKeyRequest asked => $"{Word("scope", (response as V1.CreateApiKeyResponse)?.ApiKey?.Scope ?? asked.ApiKey?.Scope)} account={asked.Parent}".TrimStart(),
        _ => "",
    };

    /// <summary>Said either way: entries without a word are from when that meant that they were kept.</summary>
    private static string OfMadeKeys(bool isSaid, bool revoke) => MadeKeys.AreKept(isSaid, revoke) ? "made_keys=kept" : "made_keys=revoked";

    private static string Word<T>(string name, T? value) where T : struct, Enum =>
        value is { } given && !given.Equals(default(T)) ? $"{name}={given.ToString().ToLowerInvariant()}" : "";
}

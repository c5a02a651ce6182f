using Google.Protobuf;

namespace SynthStudio.Api.Auditing;

/// <summary>What an entry says beside names and outcome: which role or scope was given, or taken with the rest. No values of data, no addresses, no secrets.</summary>
internal static class AuditDetail
{
    /// <summary>The detail of a call; empty for most.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="response">What came of it, which also says what was given where nothing was asked for; null where it was refused.</param>
    public static string Of(IMessage request, IMessage? response) => request switch
    {
        V1.SetProjectMemberRequest asked => Word("role", asked.Member?.Role),
        V1.DeleteProjectMemberRequest { HasRevokeMadeKeys: true, RevokeMadeKeys: false } or V1.DeleteUserRequest { HasRevokeMadeKeys: true, RevokeMadeKeys: false }
            or V1.EraseAccountRequest { HasRevokeMadeKeys: true, RevokeMadeKeys: false } => "made_keys=kept",
        V1.CreateInvitationRequest asked => Word("role", asked.Invitation?.Role),
        V1.CreateServiceAccountRequest asked => Word("role", (response as V1.ServiceAccount)?.Role ?? asked.ServiceAccount?.Role),
        V1.CreateUserRequest asked => Word("role", (response as V1.User)?.Role ?? asked.User?.Role),
        V1.InviteUserRequest asked => Word<V1.UserRole>("role", asked.Role == V1.UserRole.Unspecified ? V1.UserRole.User : asked.Role),
        V1.TransferProjectRequest asked => $"owner={asked.User}",
        V1.CreateApiKeyRequest asked => Word("scope", (response as V1.CreateApiKeyResponse)?.ApiKey?.Scope ?? asked.ApiKey?.Scope),
        V1.CreateServiceAccountKeyRequest asked => $"{Word("scope", (response as V1.CreateApiKeyResponse)?.ApiKey?.Scope ?? asked.ApiKey?.Scope)} account={asked.Parent}".TrimStart(),
        _ => "",
    };

    private static string Word<T>(string name, T? value) where T : struct, Enum =>
        value is { } given && !given.Equals(default(T)) ? $"{name}={given.ToString().ToLowerInvariant()}" : "";
}

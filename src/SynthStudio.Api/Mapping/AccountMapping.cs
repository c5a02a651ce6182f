using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Mapping;

/// <summary>Accounts, sessions, invitations and service accounts, to the wire.</summary>
internal static class AccountMapping
{
    public static V1.Session ToProto(this SessionRecord session, string current) => new()
    {
        Name = $"{session.Owner}/sessions/{session.Id}",
        Method = session.Method,
        Address = session.Address,
        Agent = session.Agent,
        CreateTime = session.CreateTime.ToProto(),
        RefreshTime = session.RotateTime.ToProto(),
        ExpireTime = session.ExpireTime.ToProto(),
        RevokeTime = session.RevokeTime?.ToProto(),
        Current = session.Id == current,
    };

    public static V1.Account ToProto(this AccountRecord? account, string owner, int codes, IEnumerable<ExternalIdentityRecord> identities) => new()
    {
        Name = $"{owner}/account",
        Email = account?.Email ?? "",
        HasPassword = account is { Password.Length: > 0 },
        HasSecondFactor = account is { SecondFactorActive: true },
        RecoveryCodesLeft = codes,
        Providers = { identities.Select(i => i.Provider) },
        CreateTime = account?.CreateTime.ToProto(),
    };

    public static V1.Invitation ToProto(this InvitationRecord invitation, DateTimeOffset now) => new()
    {
        Name = invitation.Name,
        Email = invitation.Email,
        Role = ((ProjectRole?)invitation.Role).ToProto(),
        Inviter = invitation.Inviter,
        State = invitation.DeclineTime is not null ? V1.InvitationState.Declined
            : invitation.ExpireTime <= now ? V1.InvitationState.Expired
            : V1.InvitationState.Pending,
        CreateTime = invitation.CreateTime.ToProto(),
        SendTime = invitation.SendTime.ToProto(),
        ExpireTime = invitation.ExpireTime.ToProto(),
    };

    public static V1.ServiceAccount ToProto(this ServiceAccountRecord account, ProjectRole? role) => new()
    {
        Name = account.Name,
        DisplayName = account.DisplayName,
        Role = role.ToProto(),
        User = account.Owner,
        Creator = account.Creator,
        CreateTime = account.CreateTime.ToProto(),
    };
}

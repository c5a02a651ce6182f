using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Mapping;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Services;

internal sealed class InvitationService(
    Invitations invitations, InvitationStore store, PageTokens pages, TimeProvider time)
    : V1.InvitationService.InvitationServiceBase
{
    public override async Task<V1.Invitation> CreateInvitation(V1.CreateInvitationRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Invitation, "invitation");
        var (email, role) = (EmailAddress.Read(wanted.Email, "invitation.email"), wanted.Role.ToRecord("invitation.role"));
        return (await invitations.SendAsync(request.Parent, email, role, context)).ToProto(time.GetUtcNow());
    }

    public override async Task<V1.Invitation> GetInvitation(V1.GetInvitationRequest request, ServerCallContext context) =>
        (await FindAsync(request.Name, context)).ToProto(time.GetUtcNow());

    public override async Task<V1.ListInvitationsResponse> ListInvitations(V1.ListInvitationsRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken, page => store.ListAsync(request.Parent, page, context.CancellationToken));
        return new V1.ListInvitationsResponse { Invitations = { items.Select(invitation => invitation.ToProto(time.GetUtcNow())) }, NextPageToken = next };
    }

    public override async Task<V1.Invitation> ResendInvitation(V1.ResendInvitationRequest request, ServerCallContext context) =>
        (await invitations.ResendAsync(await FindAsync(request.Name, context), context)).ToProto(time.GetUtcNow());

    public override async Task<Empty> DeleteInvitation(V1.DeleteInvitationRequest request, ServerCallContext context) =>
        await store.DeleteAsync(request.Name, context.CancellationToken) ? new Empty() : throw ApiErrors.NotFound(request.Name);

    public override async Task<V1.ProjectMember> AcceptInvitation(V1.AcceptInvitationRequest request, ServerCallContext context) =>
        (await invitations.AcceptAsync(request.Token, context)).ToProto();

    public override async Task<Empty> DeclineInvitation(V1.DeclineInvitationRequest request, ServerCallContext context)
    {
        await invitations.DeclineAsync(request.Token, context);
        return new Empty();
    }

    private async Task<InvitationRecord> FindAsync(string name, ServerCallContext context) =>
        await store.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);
}

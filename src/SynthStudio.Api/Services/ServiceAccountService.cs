using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Replicas;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Services;

internal sealed class ServiceAccountService(
    ServiceAccountStore accounts, ProjectStore projects, ApiKeyStore keys, ApiKeyIssuer issuer, Revocations revocations, PageTokens pages, TimeProvider time)
    : V1.ServiceAccountService.ServiceAccountServiceBase
{
    /// <summary>Accounts of a project: each may call as often as a user, so that with any number of them a project could call as often as it likes.</summary>
    public const int MostOfProject = 50;

    public override async Task<V1.ServiceAccount> CreateServiceAccount(V1.CreateServiceAccountRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.ServiceAccount, "service_account");
        var role = wanted.Role switch
        {
            V1.ProjectRole.Unspecified or V1.ProjectRole.Viewer => ProjectRole.Viewer,
            V1.ProjectRole.Editor => ProjectRole.Editor,
            V1.ProjectRole.Auditor => ProjectRole.Auditor,
            _ => throw ApiErrors.InvalidField("service_account.role", "must be auditor, viewer or editor: a program owns no project."),
        };
        var id = ResourceIds.Choose(context, "service_account_id", request.ServiceAccountId, request.RequestId);
        var account = new ServiceAccountRecord
        {
            Name = $"{request.Parent}/serviceAccounts/{id}",
            Project = request.Parent,
            Owner = $"users/service-{(request.RequestId.Length > 0 ? ResourceIds.FromRequest(context, request.RequestId) : ResourceIds.New())}",
            DisplayName = Check.DisplayName(wanted.DisplayName, "service_account.display_name"),
            Creator = Caller.Of(context).User,
            CreateTime = time.Now(),
        };
        account = await RepeatableCreation.CreateOrTakeUpAsync(
            request.RequestId, account, () => CreateAsync(account, role, context), () => accounts.FindAsync(account.Name, context.CancellationToken),
            left => left.Owner == account.Owner && left.DisplayName == account.DisplayName);
        await revocations.ProjectChangedAsync(request.Parent);
        return await MapAsync(account, context);
    }

    public override async Task<V1.ListServiceAccountsResponse> ListServiceAccounts(V1.ListServiceAccountsRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken, page => accounts.ListAsync(request.Parent, page, context.CancellationToken));
        var response = new V1.ListServiceAccountsResponse { NextPageToken = next };
        foreach (var account in items) response.ServiceAccounts.Add(await MapAsync(account, context));
        return response;
    }

    public override async Task<Empty> DeleteServiceAccount(V1.DeleteServiceAccountRequest request, ServerCallContext context)
    {
        var account = await FindAsync(request.Name, context);
        await accounts.DeleteAsync(account, time.Now(), context.CancellationToken);
        await revocations.CredentialsChangedAsync();
        await revocations.ProjectChangedAsync(account.Project);
        return new Empty();
    }

    public override async Task<V1.CreateApiKeyResponse> CreateServiceAccountKey(V1.CreateServiceAccountKeyRequest request, ServerCallContext context)
    {
        var account = await FindAsync(request.Parent, context);
        var wanted = Check.Present(request.ApiKey, "api_key");
        var scope = wanted.Scope switch
        {
            V1.Scope.Read => AccessScope.Read,
            V1.Scope.Unspecified or V1.Scope.Write => AccessScope.Write,
            _ => throw ApiErrors.InvalidField("api_key.scope", "must be read or write: a program administers nothing."),
        };
        var expires = wanted.ExpireTime?.ToDateTimeOffset();
        if (expires <= time.Now()) throw ApiErrors.InvalidField("api_key.expire_time", "must be in the future.");
        var (key, text) = await issuer.IssueAsync(
            account.Owner, Check.DisplayName(wanted.DisplayName, "api_key.display_name"), scope, expires, maker: Caller.Of(context).User, cancellation: context.CancellationToken);
        return new V1.CreateApiKeyResponse { ApiKey = key.ToProto(), Secret = text };
    }

    public override async Task<V1.ListApiKeysResponse> ListServiceAccountKeys(
        V1.ListServiceAccountKeysRequest request, ServerCallContext context)
    {
        var account = await FindAsync(request.Parent, context);
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken,
            async page => IdentityService.PageOf(await keys.ListAsync(account.Owner, context.CancellationToken), page));
        return new V1.ListApiKeysResponse { ApiKeys = { items.Select(key => key.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.ApiKey> RevokeServiceAccountKey(V1.RevokeServiceAccountKeyRequest request, ServerCallContext context)
    {
        var account = await FindAsync(request.Name, context);
        if (!ResourcePattern.IsId(request.KeyId)) throw ApiErrors.InvalidField("key_id", "must be the last part of a key's name.");
        if (await keys.FindAsync(request.KeyId, context.CancellationToken) is not var (key, owner) || owner.Name != account.Owner)
            throw ApiErrors.NotFound(ApiKeyRecord.NameOf(account.Owner, request.KeyId));
        await keys.RevokeAsync(key.Id, time.Now(), context.CancellationToken);
        await revocations.CredentialsChangedAsync();
        return (await keys.FindAsync(key.Id, context.CancellationToken))!.Value.Key.ToProto();
    }

    private async Task CreateAsync(ServiceAccountRecord account, ProjectRole role, ServerCallContext context)
    {
        if (await accounts.TryCreateAsync(account, role, MostOfProject, context.CancellationToken)) return;
        throw ApiErrors.QuotaExceeded(
            account.Project, "service_accounts", left: 0, $"{account.Project} has {MostOfProject} service accounts, as many as a project may have. Delete one that is not needed.");
    }

    private async Task<ServiceAccountRecord> FindAsync(string name, ServerCallContext context) =>
        await accounts.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);

    private async Task<V1.ServiceAccount> MapAsync(ServiceAccountRecord account, ServerCallContext context) =>
        account.ToProto(await projects.FindRoleAsync(account.Project, account.Owner, context.CancellationToken));
}

using SynthStudio.Api.Assistant;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Replicas;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Services;

internal sealed class IdentityService(
    UserStore users, PersonStore persons, ApiKeyStore keys, ApiKeyIssuer issuer, TokenIssuer tokens, Authenticator authenticator,
    Revocations revocations, AccountStore accounts, PasswordSignIn signIn, MadeKeys madeKeys, EndedConsents consents, PageTokens pages,
    TimeProvider time)
    : V1.IdentityService.IdentityServiceBase
{
    public override async Task<V1.CreateTokenResponse> CreateToken(V1.CreateTokenRequest request, ServerCallContext context)
    {
        if (!ApiKeyText.LooksLikeOne(request.ApiKey)) throw ApiErrors.InvalidField("api_key", "must be an API key, ss_....");
        var caller = await authenticator.VerifyAsync(request.ApiKey, context.CancellationToken);
        caller.AttachTo(context); // For the audit trail: the call itself is public.
        var (token, expires) = await tokens.IssueAsync(caller, context.CancellationToken);
        return new V1.CreateTokenResponse { AccessToken = token, ExpireTime = expires.ToProto() };
    }

    public override async Task<V1.WhoAmIResponse> WhoAmI(V1.WhoAmIRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        return new V1.WhoAmIResponse { User = (await FindAsync(caller.User, context)).ToProto(), Scope = caller.Scope.ToProto() };
    }

    public override async Task<V1.User> CreateUser(V1.CreateUserRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.User, "user");
        var user = new UserRecord
        {
            Name = "users/" + ResourceIds.Choose(context, "user_id", request.UserId, request.RequestId),
            DisplayName = Check.DisplayName(wanted.DisplayName, "user.display_name"),
            Role = wanted.Role == V1.UserRole.Admin ? UserRole.Admin : UserRole.User,
            CreateTime = time.Now(),
        };
        user = await RepeatableCreation.CreateOrTakeUpAsync(
            request.RequestId, user,
            () => users.CreateAsync(user, context.CancellationToken),
            () => users.FindAsync(user.Name, context.CancellationToken),
            left => request.UserId.Length == 0 && left.DisplayName == user.DisplayName && left.Role == user.Role);
        return user.ToProto();
    }

    public override async Task<V1.User> GetUser(V1.GetUserRequest request, ServerCallContext context) => (await FindAsync(request.Name, context)).ToProto();

    public override async Task<V1.ListUsersResponse> ListUsers(V1.ListUsersRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, "", request.PageSize, request.PageToken, page => users.ListAsync(page, context.CancellationToken));
        return new V1.ListUsersResponse { Users = { items.Select(user => user.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.DeleteUserResponse> DeleteUser(V1.DeleteUserRequest request, ServerCallContext context)
    {
        if (request.Name == Caller.Of(context).User)
            throw ApiErrors.Precondition(ErrorReasons.StillUsed, request.Name, "You cannot lock yourself out.");
        var user = await FindAsync(request.Name, context);
        var keepMade = MadeKeys.AreKept(request.HasRevokeMadeKeys, request.RevokeMadeKeys);
        var done = await persons.LockOutAsync(user.Name, request.OrphanProjects, keepMade, time.Now(), context.CancellationToken);
        if (done.Orphans.Count > 0 && !request.OrphanProjects)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.LastOwner, done.Orphans[0],
                $"{user.Name} is the only owner who is not locked out of {string.Join(", ", done.Orphans)}. Give each another owner first, or ask for it all the same (orphan_projects).");
        }

        await revocations.CredentialsChangedAsync();
        await madeKeys.NoteAsync(done.RevokedKeys, user.Name, context);
        await consents.EndAsync(user.Name, context);
        return new V1.DeleteUserResponse { RevokedApiKeys = { done.RevokedKeys } };
    }

    public override async Task<V1.CreateApiKeyResponse> CreateApiKey(V1.CreateApiKeyRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.ApiKey, "api_key");
        var owner = await FindAsync(request.Parent, context);
        if (owner.Disabled) throw ApiErrors.Precondition(ErrorReasons.StateForbids, owner.Name, $"{owner.Name} is locked out.");
        var scope = wanted.Scope switch
        {
            V1.Scope.Read => AccessScope.Read,
            V1.Scope.Admin => AccessScope.Admin,
            _ => AccessScope.Write,
        };
        var expires = wanted.ExpireTime?.ToDateTimeOffset();
        if (expires <= time.Now()) throw ApiErrors.InvalidField("api_key.expire_time", "must be in the future.");
        var displayName = Check.DisplayName(wanted.DisplayName, "api_key.display_name");
        var account = await accounts.FindAsync(Caller.Of(context).User, context.CancellationToken); // An administrator's own, also for a key of somebody else.
        await signIn.ConfirmAllAsync(account, request.Password, request.SecondFactor, context);
        var proof = account is { Password.Length: > 0 } && account.Owner == owner.Name ? account.Password : null;
        var (key, text) = await issuer.IssueAsync(
            owner.Name, displayName, scope, expires, proof, await MakerAsync(owner.Name, context), context.CancellationToken);
        return new V1.CreateApiKeyResponse { ApiKey = key.ToProto(), Secret = text };
    }

    public override async Task<V1.ListApiKeysResponse> ListApiKeys(V1.ListApiKeysRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken,
            async page => PageOf(await keys.ListAsync(request.Parent, context.CancellationToken), page));
        return new V1.ListApiKeysResponse { ApiKeys = { items.Select(key => key.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.ApiKey> RevokeApiKey(V1.RevokeApiKeyRequest request, ServerCallContext context)
    {
        var id = ResourceName.Id(request.Name);
        var found = await keys.FindAsync(id, context.CancellationToken);
        if (found is not { } known || known.Owner.Name != ResourceName.Root(request.Name)) throw ApiErrors.NotFound(request.Name);
        await keys.RevokeAsync(id, time.Now(), context.CancellationToken);
        await revocations.CredentialsChangedAsync();
        return (await keys.FindAsync(id, context.CancellationToken))!.Value.Key.ToProto();
    }

    /// <summary>
    /// Who made the key that the call is made with knows its secret, and may be who calls: the next key of the same user is theirs too, and
    /// goes with them. Unless they are gone, and the key was kept on purpose: then it is the user's to replace.
    /// </summary>
    private async Task<string> MakerAsync(string owner, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (owner != caller.User || await keys.FindAsync(caller.KeyId, context.CancellationToken) is not { } used) return caller.User;
        return used.Key.Maker is { Length: > 0 } maker && await users.FindAsync(maker, context.CancellationToken) is { Disabled: false } ? maker : caller.User;
    }

    private async Task<UserRecord> FindAsync(string name, ServerCallContext context) =>
        await users.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);

    /// <summary>A page of a user's keys.</summary>
    internal static Page<ApiKeyRecord> PageOf(IReadOnlyList<ApiKeyRecord> all, PageRequest page) =>
        Lists.PageOf(all, page, key => new PageCursor(key.CreateTime, key.Id));
}

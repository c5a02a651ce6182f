using System.Text;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.OpenIdConnect;
using SynthStudio.Api.Identity.Passwords;
using SynthStudio.Api.Identity.SecondFactor;
using SynthStudio.Api.Identity.Sessions;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Replicas;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Services;

internal sealed class AccountService(
    AccountStore accounts, SessionStore sessions, ExternalIdentityStore identities, UserStore users, Registrations registrations,
    PasswordSignIn signIn, PersonProof proof, PasswordChanges passwords, EmailChanges emails, ProviderSignIn providers,
    SecondFactors factors, SessionKeeper keeper, PersonExport export, PersonEraser eraser, Revocations revocations, PageTokens pages,
    TimeProvider time)
    : V1.AccountService.AccountServiceBase
{
    public override async Task<V1.StartRegistrationResponse> StartRegistration(
        V1.StartRegistrationRequest request, ServerCallContext context)
    {
        await registrations.StartAsync(EmailAddress.Read(request.Email, "email"), context, context.CancellationToken);
        return new V1.StartRegistrationResponse();
    }

    public override async Task<V1.InviteUserResponse> InviteUser(V1.InviteUserRequest request, ServerCallContext context)
    {
        if (request.User.Length > 0 && !ResourcePattern.User.Matches(request.User)) throw ApiErrors.InvalidField("user", "must be a name like users/*.", ErrorReasons.InvalidName);
        await proof.DemandAsync(Caller.Of(context).User, request.Password, request.SecondFactor, context);
        var role = request.Role == V1.UserRole.Admin ? UserRole.Admin : UserRole.User;
        var until = await registrations.InviteAsync(
            EmailAddress.Read(request.Email, "email"), role, request.User.Length > 0 ? request.User : null, Caller.Of(context).User, context.CancellationToken);
        return new V1.InviteUserResponse { ExpireTime = until.ToProto() };
    }

    public override Task<V1.SessionTokens> CompleteRegistration(V1.CompleteRegistrationRequest request, ServerCallContext context) =>
        registrations.CompleteAsync(request, context);

    public override async Task<V1.RequestPasswordResetResponse> RequestPasswordReset(V1.RequestPasswordResetRequest request, ServerCallContext context)
    {
        await passwords.RequestResetAsync(EmailAddress.Read(request.Email, "email"), context, context.CancellationToken);
        return new V1.RequestPasswordResetResponse();
    }

    public override async Task<Empty> ResetPassword(V1.ResetPasswordRequest request, ServerCallContext context)
    {
        await passwords.ResetAsync(request.Token, request.Password, request.KeepApiKeys, context);
        return new Empty();
    }

    public override Task<V1.SessionTokens> SignIn(V1.SignInRequest request, ServerCallContext context)
    {
        PasswordRules.CheckGiven(request.Password, "password");
        return signIn.SignInAsync(EmailAddress.Read(request.Email, "email"), request.Password, request.SecondFactor, context);
    }

    public override Task<V1.SessionTokens> RefreshSession(V1.RefreshSessionRequest request, ServerCallContext context) =>
        keeper.RefreshAsync(RefreshTokenOf(request.RefreshToken), context);

    public override async Task<Empty> SignOut(V1.SignOutRequest request, ServerCallContext context)
    {
        await keeper.SignOutAsync(RefreshTokenOf(request.RefreshToken), context);
        return new Empty();
    }

    public override Task<V1.ListSignInProvidersResponse> ListSignInProviders(V1.ListSignInProvidersRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListSignInProvidersResponse
        {
            Providers = { providers.Providers.Select(p => new V1.SignInProvider { Id = p.Id, DisplayName = p.DisplayName.Length > 0 ? p.DisplayName : p.Id }) },
        });

    public override Task<V1.StartProviderSignInResponse> StartProviderSignIn(
        V1.StartProviderSignInRequest request, ServerCallContext context) =>
        providers.StartAsync(request.Provider, request.RedirectUri, owner: null, context);

    public override Task<V1.SessionTokens> FinishProviderSignIn(V1.FinishProviderSignInRequest request, ServerCallContext context) =>
        providers.FinishAsync(request, context);

    public override async Task<V1.StartProviderSignInResponse> StartProviderLink(
        V1.StartProviderLinkRequest request, ServerCallContext context)
    {
        var user = Themselves(request.Name, context);
        await proof.DemandAsync(user, request.Password, request.SecondFactor, context);
        return await providers.StartAsync(request.Provider, request.RedirectUri, user, context);
    }

    public override async Task<V1.Account> RemoveProviderLink(V1.RemoveProviderLinkRequest request, ServerCallContext context)
    {
        var (user, caller) = (ResourceName.Root(request.Name), Caller.Of(context));
        if (user == caller.User) await proof.DemandAsync(user, request.Password, request.SecondFactor, context);
        var outcome = await identities.DeleteAsync(user, request.Provider, except: caller.KeyId, time.Now(), context.CancellationToken);
        if (outcome == UnlinkOutcome.Unknown) throw ApiErrors.InvalidField("provider", "is none that the user signs in by.");
        if (outcome == UnlinkOutcome.LastWayIn)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.LastWayIn, user, $"{user} signs in by {request.Provider} alone: set a password first (ChangePassword), or link another provider (StartProviderLink).");
        }

        await revocations.CredentialsChangedAsync();
        return await DescribeAsync(user, context.CancellationToken);
    }

    public override async Task<V1.Account> GetAccount(V1.GetAccountRequest request, ServerCallContext context) =>
        await DescribeAsync((await FindUserAsync(request.Name, context)).Name, context.CancellationToken);

    public override async Task<V1.Account> ChangePassword(V1.ChangePasswordRequest request, ServerCallContext context)
    {
        var account = await FindAsync(Themselves(request.Name, context), context);
        await passwords.ChangeAsync(account, request.Password, request.SecondFactor, request.NewPassword, request.KeepApiKeys, context);
        return await DescribeAsync(account.Owner, context.CancellationToken);
    }

    public override async Task<V1.RequestEmailChangeResponse> RequestEmailChange(V1.RequestEmailChangeRequest request, ServerCallContext context)
    {
        var account = await FindAsync(Themselves(request.Name, context), context);
        await emails.RequestAsync(account, EmailAddress.Read(request.Email, "email"), request.Password, request.SecondFactor, context);
        return new V1.RequestEmailChangeResponse();
    }

    public override async Task<Empty> ConfirmEmailChange(V1.ConfirmEmailChangeRequest request, ServerCallContext context)
    {
        await emails.ConfirmAsync(request.Token, context);
        return new Empty();
    }

    public override async Task<V1.StartSecondFactorResponse> StartSecondFactor(V1.StartSecondFactorRequest request, ServerCallContext context)
    {
        var account = await FindAsync(Themselves(request.Name, context), context);
        await signIn.ConfirmAsync(account, request.Password, context);
        var secret = await factors.StartAsync(account, context.CancellationToken);
        return new V1.StartSecondFactorResponse { Secret = TimeCodes.Show(secret), Uri = TimeCodes.Uri(secret, account.Email ?? account.Owner) };
    }

    public override async Task<V1.RecoveryCodes> ConfirmSecondFactor(V1.ConfirmSecondFactorRequest request, ServerCallContext context)
    {
        var account = await FindAsync(Themselves(request.Name, context), context);
        return new V1.RecoveryCodes { Codes = { await factors.ConfirmAsync(account, request.Code, context.CancellationToken) } };
    }

    public override async Task<V1.RecoveryCodes> CreateRecoveryCodes(V1.CreateRecoveryCodesRequest request, ServerCallContext context)
    {
        var account = await FindAsync(Themselves(request.Name, context), context);
        if (!account.SecondFactorActive) throw ApiErrors.Precondition(ErrorReasons.StateForbids, account.Owner, "There is no second factor.");
        await signIn.ConfirmFactorAsync(account, request.Code, context);
        return new V1.RecoveryCodes { Codes = { await factors.RenewCodesAsync(account, context.CancellationToken) } };
    }

    public override async Task<V1.Account> RemoveSecondFactor(V1.RemoveSecondFactorRequest request, ServerCallContext context)
    {
        var account = await FindAsync(ResourceName.Root(request.Name), context);
        if (account.SecondFactorActive && Caller.Of(context).User == account.Owner) await signIn.ConfirmFactorAsync(account, request.Code, context);
        await accounts.RemoveSecondFactorAsync(account.Owner, time.Now(), context.CancellationToken);
        return await DescribeAsync(account.Owner, context.CancellationToken);
    }

    public override async Task<V1.ListSessionsResponse> ListSessions(V1.ListSessionsRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken, async page => Lists.PageOf(
                await sessions.ListAsync(request.Parent, context.CancellationToken), page, session => new PageCursor(session.CreateTime, session.Id)));
        return new V1.ListSessionsResponse { Sessions = { items.Select(s => s.ToProto(Caller.Of(context).KeyId)) }, NextPageToken = next };
    }

    public override async Task<V1.Session> RevokeSession(V1.RevokeSessionRequest request, ServerCallContext context)
    {
        var id = ResourceName.Id(request.Name);
        if (await sessions.FindAsync(id, context.CancellationToken) is not var (session, owner)
            || owner.Name != ResourceName.Root(request.Name)) throw ApiErrors.NotFound(request.Name);
        await keeper.EndAsync(session.Id, context.CancellationToken);
        return (await sessions.FindAsync(id, context.CancellationToken))!.Value.Session.ToProto(Caller.Of(context).KeyId);
    }

    public override async Task<HttpBody> ExportAccount(V1.ExportAccountRequest request, ServerCallContext context)
    {
        var document = await export.CollectAsync(await FindUserAsync(request.Name, context), context.CancellationToken);
        return new HttpBody { ContentType = "application/json", Data = ByteString.CopyFrom(document.ToJsonString(), Encoding.UTF8) };
    }

    public override async Task<V1.EraseAccountResponse> EraseAccount(V1.EraseAccountRequest request, ServerCallContext context)
    {
        var (user, caller) = (await FindUserAsync(request.Name, context), Caller.Of(context));
        var keepMade = MadeKeys.AreKept(request.HasRevokeMadeKeys, request.RevokeMadeKeys);
        if (keepMade) MadeKeys.DemandAnother(user.Name, context);
        if (user.Name == caller.User)
        {
            if (caller.IsAdmin) throw ApiErrors.Precondition(ErrorReasons.StateForbids, user.Name, "You cannot lock yourself out: another administrator has to erase you.");
            await proof.DemandAsync(user.Name, request.Password, request.SecondFactor, context);
        }

        return await eraser.EraseAsync(user, keepMade, context);
    }

    private static string RefreshTokenOf(string text) =>
        RefreshToken.Parse(text) is null ? throw ApiErrors.InvalidField("refresh_token", "must be a refresh token, sr_....") : text;

    /// <summary>The user of an account, who must be the caller: what proves who they are is nobody else's, not even administrators'.</summary>
    private static string Themselves(string name, ServerCallContext context) => ResourceName.Root(name) is var user && user == Caller.Of(context).User
        ? user
        : throw ApiErrors.PermissionDenied(ErrorReasons.RoleTooLow, $"Only {user} may do this.");

    private async Task<UserRecord> FindUserAsync(string name, ServerCallContext context) =>
        await users.FindAsync(ResourceName.Root(name), context.CancellationToken) ?? throw ApiErrors.NotFound(name);

    private async Task<AccountRecord> FindAsync(string user, ServerCallContext context) => await accounts.FindAsync(user, context.CancellationToken)
        ?? throw ApiErrors.Precondition(ErrorReasons.StateForbids, user, $"{user} has API keys only. An administrator can invite them to an account (InviteUser).");

    private async Task<V1.Account> DescribeAsync(string user, CancellationToken cancellation) =>
        (await accounts.FindAsync(user, cancellation)).ToProto(
            user, await accounts.CountRecoveryCodesAsync(user, cancellation), await identities.ListAsync(user, cancellation));
}

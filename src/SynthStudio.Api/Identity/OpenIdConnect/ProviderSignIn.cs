using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Sessions;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Identity.OpenIdConnect;

/// <summary>
/// Signs in by another provider. Whom it means is known by its issuer and subject alone: an address, even one that it vouches for, opens no account
/// that exists, which only its owner links.
/// </summary>
internal sealed class ProviderSignIn
{
    private static readonly TimeSpan FlowLifetime = TimeSpan.FromMinutes(10);

    private readonly ExternalIdentityStore _identities;
    private readonly AccountStore _accounts;
    private readonly MailTokenStore _mails;
    private readonly InvitationStore _invitations;
    private readonly UserStore _users;
    private readonly SessionKeeper _sessions;
    private readonly SignInGuard _guard;
    private readonly OpenIdOptions _options;
    private readonly bool _isClosed;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<string, IdentityProvider> _providers;

    public ProviderSignIn(
        ExternalIdentityStore identities, AccountStore accounts, MailTokenStore mails, InvitationStore invitations, UserStore users,
        SessionKeeper sessions, SignInGuard guard, ProviderHttp http, OpenIdOptions options, AccountOptions accountOptions,
        TimeProvider time, ILogger<ProviderSignIn> log)
    {
        (_identities, _accounts, _mails, _invitations, _users, _sessions) = (identities, accounts, mails, invitations, users, sessions);
        (_guard, _options, _time, _log) = (guard, options, time, log);
        _isClosed = accountOptions.Registration == Registration.Closed;
        _providers = options.Providers.ToDictionary(
            p => p.Id,
            p => p.Preset == ProviderPreset.GitHub ? (IdentityProvider)new GitHubProvider(p, http) : new OpenIdProvider(p, http, time),
            StringComparer.Ordinal);
    }

    /// <summary>The providers that there are.</summary>
    public IEnumerable<OpenIdProviderOptions> Providers => _options.Providers;

    /// <summary>Begins a sign-in, or with <paramref name="owner"/> to let a user be known by the provider.</summary>
    public async Task<V1.StartProviderSignInResponse> StartAsync(string providerId, string redirectUri, string? owner, ServerCallContext context)
    {
        var provider = _providers.GetValueOrDefault(providerId) ?? throw ApiErrors.InvalidField("provider", "must be one of ListSignInProviders.");
        if (!MayReturnTo(redirectUri)) throw ApiErrors.InvalidField("redirect_uri", "must be one of the server's settings (Api:OpenId:RedirectUris), or http://127.0.0.1:PORT/... on the user's own machine.");
        await _guard.AdmitAnonymousAsync(context, context.CancellationToken);
        var (flow, expires) = (ProviderFlow.Create(), _time.Now() + FlowLifetime);
        var address = await AskAsync(() => provider.AuthorizeAsync(flow, redirectUri, context.CancellationToken));
        await _identities.BeginAsync(new ProviderFlowRecord(flow.Hash(), providerId, redirectUri, owner, expires), context.CancellationToken);
        return new V1.StartProviderSignInResponse
        {
            AuthorizationUri = address.AbsoluteUri, FlowSecret = flow.Secret, ExpireTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(expires),
        };
    }

    /// <summary>Ends a sign-in with what the browser came back with.</summary>
    public async Task<V1.SessionTokens> FinishAsync(V1.FinishProviderSignInRequest request, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var flow = ProviderFlow.Parse(request.FlowSecret) ?? throw ApiErrors.InvalidField("flow_secret", "must be that of StartProviderSignIn.");
        if (request.Code.Length is 0 or > 4096) throw ApiErrors.InvalidField("code", "must be what the provider sent the browser back with.");
        await _guard.AdmitAnonymousAsync(context, cancellation);
        var begun = await _identities.TakeAsync(flow.Hash(), _time.GetUtcNow(), cancellation);
        if (begun is null || !flow.HasState(request.State) || !_providers.TryGetValue(begun.Provider, out var provider))
            throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, "The sign-in was not begun here, or too long ago, or this is the answer to another one. Begin again.");

        var person = await AskAsync(() => provider.RedeemAsync(flow, begun.RedirectUri, new ProviderAnswer(request.Code, request.Issuer), cancellation));
        var user = begun.Owner is { } owner ? await LinkAsync(owner, provider, person, cancellation) : await FindAsync(provider, person, cancellation);
        if (user.Disabled) throw ApiErrors.Unauthenticated(ErrorReasons.CredentialsInvalid, $"{user.Name} is locked out.");
        return await _sessions.BeginAsync(user, begun.Provider, context);
    }

    private async Task<UserRecord> LinkAsync(string owner, IdentityProvider provider, ProviderPerson person, CancellationToken cancellation)
    {
        var user = await _users.FindAsync(owner, cancellation) ?? throw ApiErrors.NotFound(owner);
        if (user.Disabled) return user;
        if (await _identities.FindAsync(person.Issuer, person.Subject, cancellation) is { } known && known.Owner == owner) return user;
        await _identities.CreateAsync(Identity(owner, provider, person), cancellation);
        return user;
    }

    private async Task<UserRecord> FindAsync(IdentityProvider provider, ProviderPerson person, CancellationToken cancellation)
    {
        if (await _identities.FindAsync(person.Issuer, person.Subject, cancellation) is { } known)
            return await _users.FindAsync(known.Owner, cancellation) ?? throw ApiErrors.NotFound(known.Owner);

        var email = EmailAddress.Find(person.Email);
        if (email is { } taken && await _accounts.FindByEmailAsync(taken.Key, cancellation) is not null)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.AccountExists, "account", "There is an account with this address. Sign in as you did so far, and link the provider (StartProviderLink).");
        }

        var invitation = email is { } invited ? await _mails.FindInvitationAsync(invited.Key, _time.GetUtcNow(), cancellation) : null;
        var isWanted = invitation is not null || provider.Options.NewUsers
            || (email is { } asked && await _invitations.AnyGoodAsync(asked.Key, _time.GetUtcNow(), cancellation));
        if (_isClosed || !isWanted) throw NotRegistered();
        if (invitation?.Owner is { } owner)
        {
            var invitee = await _users.FindAsync(owner, cancellation) ?? throw ApiErrors.NotFound(owner);
            return invitee.Disabled || await _identities.TryCreateAsync(Identity(owner, provider, person), invitation, cancellation)
                ? invitee
                : throw NotRegistered();
        }

        var now = _time.Now();
        var name = Check.MayBeDisplayName(person.DisplayName) ? person.DisplayName : "";
        var user = new UserRecord { Name = $"users/{ResourceIds.New()}", DisplayName = name, Role = invitation?.Role ?? UserRole.User, CreateTime = now };
        var account = new AccountRecord { Owner = user.Name, Email = email?.Text, EmailKey = email?.Key, CreateTime = now, UpdateTime = now };
        return await _accounts.TryCreateAsync(user, account, Identity(user.Name, provider, person), invitation, cancellation) ? user : throw NotRegistered();
    }

    private static RpcException NotRegistered() => ApiErrors.PermissionDenied(ErrorReasons.NotRegistered, "You have no account here. Ask an administrator for an invitation.");

    private ExternalIdentityRecord Identity(string owner, IdentityProvider provider, ProviderPerson person) => new()
    {
        Issuer = person.Issuer, Subject = person.Subject, Owner = owner, Provider = provider.Options.Id,
        Email = EmailAddress.Find(person.Email)?.Text ?? "", CreateTime = _time.Now(),
    };

    /// <summary>Listed in full, or a program on the user's own machine, whatever its port (RFC 8252, 7.3).</summary>
    private bool MayReturnTo(string uri) => _options.RedirectUris.Contains(uri)
        || (Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Scheme == "http" && parsed.Host is "127.0.0.1" or "[::1]"
            && parsed.Fragment.Length == 0 && parsed.UserInfo.Length == 0);

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ProviderException e) when (e.IsAway)
        {
            _log.ProviderAway(e.Message, e);
            throw ApiErrors.Unavailable(ErrorReasons.ProviderUnavailable, e.Message, TimeSpan.FromSeconds(5));
        }
        catch (ProviderException e)
        {
            _log.ProviderRefused(e.Message, e);
            throw ApiErrors.Unauthenticated(ErrorReasons.ProviderAnswerInvalid, e.Message);
        }
    }
}

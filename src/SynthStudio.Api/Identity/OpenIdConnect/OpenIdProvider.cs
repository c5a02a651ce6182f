using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace SynthStudio.Api.Identity.OpenIdConnect;

/// <summary>A provider that speaks OpenID Connect: authorization code with PKCE, state and nonce (OpenID Connect Core 3.1; RFC 9700).</summary>
internal sealed class OpenIdProvider : IdentityProvider
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly ProviderHttp _http;
    private readonly TimeProvider _time;
    private readonly string _issuer;
    private readonly string _address;
    private readonly HttpDocumentRetriever _documents;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _configuration;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 64 << 10 };

    public OpenIdProvider(OpenIdProviderOptions options, ProviderHttp http, TimeProvider time)
        : base(options)
    {
        (_http, _time, _issuer) = (http, time, options.AuthorityUri.ToString().TrimEnd('/'));
        _address = $"{_issuer}/.well-known/openid-configuration";
        _documents = new HttpDocumentRetriever(http.Client) { RequireHttps = !options.AuthorityUri.IsLoopback };
        _configuration = new ConfigurationManager<OpenIdConnectConfiguration>(_address, new OpenIdConnectConfigurationRetriever(), _documents);
    }

    public override async Task<Uri> AuthorizeAsync(ProviderFlow flow, string redirectUri, CancellationToken cancellation)
    {
        var configuration = await FindConfigurationAsync(cancellation);
        return new Uri(QueryHelpers.AddQueryString(configuration.AuthorizationEndpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = Options.ClientId,
            ["redirect_uri"] = redirectUri,
            ["scope"] = "openid email profile",
            ["state"] = flow.State,
            ["nonce"] = flow.Nonce,
            ["code_challenge"] = flow.Challenge,
            ["code_challenge_method"] = "S256",
        }));
    }

    public override async Task<ProviderPerson> RedeemAsync(ProviderFlow flow, string redirectUri, ProviderAnswer answer, CancellationToken cancellation)
    {
        var configuration = await FindConfigurationAsync(cancellation);
        if (answer.Issuer.Length > 0 || configuration.AuthorizationResponseIssParameterSupported) Require(answer.Issuer == configuration.Issuer, "its answer is of another issuer");

        var tokens = await _http.ReadAsync(TokenRequest(configuration, flow, redirectUri, answer.Code), cancellation);
        var idToken = ProviderHttp.Text(tokens, "id_token") ?? throw new ProviderException($"{Options.Id}: it sent no identity token.");
        var jwt = await ValidateAsync(idToken, configuration, cancellation);

        var nonce = jwt.TryGetPayloadValue<string>("nonce", out var found) ? found : "";
        Require(CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(nonce), Encoding.UTF8.GetBytes(flow.Nonce)), "the identity token is of another sign-in (nonce)");
        var hasParty = jwt.TryGetPayloadValue<string>("azp", out var party);
        Require(hasParty ? party == Options.ClientId : jwt.Audiences.Count() == 1, "the identity token was made for another client (azp)");
        Require(jwt.Subject.Length is > 0 and <= 255, "the identity token names nobody");
        var vouches = jwt.TryGetPayloadValue<bool>("email_verified", out var verified) && verified;
        return new ProviderPerson(
            configuration.Issuer, jwt.Subject, vouches && jwt.TryGetPayloadValue<string>("email", out var email) ? email : "",
            jwt.TryGetPayloadValue<string>("name", out var name) ? name : "");
    }

    private HttpRequestMessage TokenRequest(OpenIdConnectConfiguration configuration, ProviderFlow flow, string redirectUri, string code)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirectUri, ["client_id"] = Options.ClientId, ["code_verifier"] = flow.Verifier,
        };
        var request = new HttpRequestMessage(HttpMethod.Post, configuration.TokenEndpoint);
        if (Options.ClientSecret.Length > 0)
        {
            // In the header unless the provider takes it in the body only (OpenID Connect Core 9).
            var methods = configuration.TokenEndpointAuthMethodsSupported;
            if (methods.Count == 0 || methods.Contains("client_secret_basic"))
            {
                var pair = $"{Uri.EscapeDataString(Options.ClientId)}:{Uri.EscapeDataString(Options.ClientSecret)}";
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
            }
            else
            {
                form["client_secret"] = Options.ClientSecret;
            }
        }

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    /// <summary>Checks signature, issuer, audience and times; keys that are not known are asked for once more, as they may be new.</summary>
    private async Task<JsonWebToken> ValidateAsync(string token, OpenIdConnectConfiguration configuration, CancellationToken cancellation)
    {
        var result = await ValidateAsync(token, configuration);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            _configuration.RequestRefresh(); // For the next one: that is done beside.
            result = await ValidateAsync(token, await FindAsync(() => OpenIdConnectConfigurationRetriever.GetAsync(_address, _documents, cancellation)));
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken jwt }
            ? jwt
            : throw new ProviderException($"{Options.Id}: the identity token is not good ({result.Exception?.GetType().Name}).", inner: result.Exception);
    }

    private Task<TokenValidationResult> ValidateAsync(string token, OpenIdConnectConfiguration configuration) =>
        _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = Options.ClientId,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = configuration.SigningKeys,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (notBefore, expires, _, _) =>
                _time.GetUtcNow().UtcDateTime is var now && expires + ClockSkew > now
                && (notBefore is not { } start || start - ClockSkew < now),
        });

    private Task<OpenIdConnectConfiguration> FindConfigurationAsync(CancellationToken cancellation) =>
        FindAsync(() => _configuration.GetConfigurationAsync(cancellation));

    private async Task<OpenIdConnectConfiguration> FindAsync(Func<Task<OpenIdConnectConfiguration>> find)
    {
        try
        {
            var configuration = await find();
            Require(configuration.Issuer == _issuer || configuration.Issuer == _issuer + "/", $"its configuration is of {configuration.Issuer}");
            return configuration;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new ProviderException($"{Options.Id}: its configuration cannot be read.", isAway: true, e);
        }
    }

    private void Require(bool holds, string problem)
    {
        if (!holds) throw new ProviderException($"{Options.Id}: {problem}.");
    }
}

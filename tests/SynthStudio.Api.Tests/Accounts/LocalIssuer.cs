using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>What an identity token is to say, or to be signed with, in place of what is right.</summary>
internal sealed record Lie
{
    public string? Issuer { get; init; }

    public string? Audience { get; init; }

    public string? Nonce { get; init; }

    public string? Party { get; init; }

    public string? Name { get; init; }

    public TimeSpan Age { get; init; }

    public bool OtherKey { get; init; }

    public bool Unsigned { get; init; }

    public bool Symmetric { get; init; }

    public bool NoToken { get; init; }
}

/// <summary>
/// A small OpenID Connect issuer on loopback that checks what a real one checks (client, secret, redirect address, PKCE, codes good once) and tells lies
/// when it is asked to. It also plays GitHub.
/// </summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    public const string Client = "studio";
    public const string Secret = "secret of studio";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Grant> _codes = new();
    private readonly ConcurrentDictionary<string, Grant> _tokens = new();
    private readonly RSA _otherPair = RSA.Create(2048);
    private RSA _pair = RSA.Create(2048);
    private string _keyId = "first";

    private LocalIssuer(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>What the next identity tokens say.</summary>
    public Lie? Lie { get; set; }

    /// <summary>How often a token was asked for with everything right.</summary>
    public int Exchanges { get; private set; }

    public static async Task<LocalIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var issuer = new LocalIssuer(builder.Build());
        issuer.Map();
        await issuer._app.StartAsync();
        issuer.Address = issuer._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return issuer;
    }

    /// <summary>What a browser would do: signs somebody in and is sent back; answers the query of the address that it is sent to.</summary>
    public Dictionary<string, string> SignIn(string authorizationUri, string subject, string? email = null, bool verified = true)
    {
        var query = QueryHelpers.ParseQuery(new Uri(authorizationUri).Query).ToDictionary(q => q.Key, q => q.Value.ToString());
        Assert.AreEqual("S256", query["code_challenge_method"]);
        Assert.AreEqual(Client, query["client_id"]);
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = new Grant(query["redirect_uri"], query["code_challenge"], query.GetValueOrDefault("nonce", ""), subject, email, verified);
        return new Dictionary<string, string> { ["code"] = code, ["state"] = query["state"], ["iss"] = Address };
    }

    /// <summary>Signs with another key from now on.</summary>
    public void RotateKey() => (_pair, _keyId) = (RSA.Create(2048), Guid.NewGuid().ToString());

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _otherPair.Dispose();
        _pair.Dispose();
    }

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Address, ["authorization_endpoint"] = $"{Address}/authorize", ["token_endpoint"] = $"{Address}/token", ["jwks_uri"] = $"{Address}/keys",
            ["authorization_response_iss_parameter_supported"] = true,
        });
        _app.MapGet("/keys", () =>
        {
            var key = _pair.ExportParameters(false);
            return new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "RSA", use = "sig", kid = _keyId, n = Base64UrlEncoder.Encode(key.Modulus),
                        e = Base64UrlEncoder.Encode(key.Exponent),
                    },
                },
            };
        });
        _app.MapPost("/token", async (HttpContext http) =>
        {
            var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Client}:{Uri.EscapeDataString(Secret)}"))}";
            return http.Request.Headers.Authorization == basic && await RedeemAsync(http) is { } grant
                ? Results.Json(new Dictionary<string, string> { ["access_token"] = "x", ["id_token"] = Lie is { NoToken: true } ? "" : IdToken(grant) })
                : Results.BadRequest();
        });
        _app.MapPost("/login/oauth/access_token", async (HttpContext http) =>
        {
            if ((await http.Request.ReadFormAsync())["client_secret"] != Secret || await RedeemAsync(http) is not { } grant) return Results.Json(new { error = "bad_verification_code" });
            var token = Guid.NewGuid().ToString();
            _tokens[token] = grant;
            return Results.Json(new { access_token = token });
        });
        _app.MapGet("/user", (HttpContext http) => Granted(http) is { } grant
            ? Results.Json(new { id = long.Parse(grant.Subject), login = "octocat" })
            : Results.Unauthorized());
        _app.MapGet("/user/emails", (HttpContext http) => Granted(http) is { } grant
            ? Results.Json(new[]
            {
                new { email = "other@example.org", primary = false, verified = true },
                new { email = grant.Email ?? "", primary = true, verified = grant.Verified },
            })
            : Results.Unauthorized());
    }

    private Grant? Granted(HttpContext http) =>
        _tokens.GetValueOrDefault(http.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal));

    private async Task<Grant?> RedeemAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var grant) || grant.RedirectUri != form["redirect_uri"]
            || grant.Challenge != challenge || form["client_id"] != Client)
        {
            return null;
        }

        Exchanges++;
        return grant;
    }

    private string IdToken(Grant grant)
    {
        var lie = Lie ?? new Lie();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime - lie.Age;
        SecurityKey key = lie.Symmetric
            ? new SymmetricSecurityKey(SHA256.HashData(_pair.ExportRSAPublicKey())) { KeyId = _keyId }
            : new RsaSecurityKey(lie.OtherKey ? _otherPair : _pair) { KeyId = _keyId };
        var claims = new Dictionary<string, object>
        {
            ["sub"] = grant.Subject, ["nonce"] = lie.Nonce ?? grant.Nonce, ["name"] = lie.Name ?? "Grace Hopper", ["email_verified"] = grant.Verified,
        };
        if (grant.Email is not null) claims["email"] = grant.Email;
        if (lie.Party is not null) claims["azp"] = lie.Party;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = lie.Issuer ?? Address, Audience = lie.Audience ?? Client, IssuedAt = now, NotBefore = now, Expires = now.AddMinutes(5), Claims = claims,
            SigningCredentials = lie.Unsigned
                ? null
                : new SigningCredentials(key, lie.Symmetric ? SecurityAlgorithms.HmacSha256 : SecurityAlgorithms.RsaSha256),
        });
    }

    private sealed record Grant(string RedirectUri, string Challenge, string Nonce, string Subject, string? Email, bool Verified);
}

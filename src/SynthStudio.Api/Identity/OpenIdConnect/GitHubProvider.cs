using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace SynthStudio.Api.Identity.OpenIdConnect;

/// <summary>
/// GitHub: OAuth 2.0 with PKCE and state. It has no identity tokens; who signed in is what its API says to the access token that our own exchange, with
/// our verifier, got.
/// </summary>
internal sealed class GitHubProvider(OpenIdProviderOptions options, ProviderHttp http) : IdentityProvider(options)
{
    private readonly string _site = options.AuthorityUri.ToString().TrimEnd('/');
    private readonly string _api = options.ApiUri.ToString().TrimEnd('/');

    public override Task<Uri> AuthorizeAsync(ProviderFlow flow, string redirectUri, CancellationToken cancellation) =>
        Task.FromResult(new Uri(QueryHelpers.AddQueryString($"{_site}/login/oauth/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = Options.ClientId,
            ["redirect_uri"] = redirectUri,
            ["scope"] = "read:user user:email",
            ["state"] = flow.State,
            ["code_challenge"] = flow.Challenge,
            ["code_challenge_method"] = "S256",
        })));

    public override async Task<ProviderPerson> RedeemAsync(ProviderFlow flow, string redirectUri, ProviderAnswer answer, CancellationToken cancellation)
    {
        // Refusals come with status 200 here.
        var tokens = await http.ReadAsync(
            new HttpRequestMessage(HttpMethod.Post, $"{_site}/login/oauth/access_token")
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["client_id"] = Options.ClientId, ["client_secret"] = Options.ClientSecret, ["code"] = answer.Code, ["redirect_uri"] = redirectUri, ["code_verifier"] = flow.Verifier,
                }),
            },
            cancellation);
        var token = ProviderHttp.Text(tokens, "access_token") ?? throw new ProviderException($"{Options.Id}: it does not accept the code ({ProviderHttp.Text(tokens, "error")}).");
        var user = await AskAsync("user", token, cancellation);
        if (user["id"] is not JsonValue id || !id.TryGetValue<long>(out var number)) throw new ProviderException($"{Options.Id}: it does not say who signed in.");
        var email = (await AskAsync("user/emails", token, cancellation) as JsonArray)?.FirstOrDefault(e => IsTrue(e, "primary") && IsTrue(e, "verified"));
        return new ProviderPerson(
            _site, number.ToString(CultureInfo.InvariantCulture), ProviderHttp.Text(email, "email") ?? "",
            ProviderHttp.Text(user, "name") ?? ProviderHttp.Text(user, "login") ?? "");
    }

    private static bool IsTrue(JsonNode? node, string property) =>
        node?[property] is JsonValue value && value.TryGetValue<bool>(out var isTrue) && isTrue;

    private Task<JsonNode> AskAsync(string path, string token, CancellationToken cancellation) => http.ReadAsync(
        new HttpRequestMessage(HttpMethod.Get, $"{_api}/{path}") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } }, cancellation);
}

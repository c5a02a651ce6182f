using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using SynthStudio.Api.Identity;

namespace SynthStudio.Api.Tests.Attacks;

/// <summary>Tokens made by everything that is known against libraries of JWTs: none may be believed, and none may break anything.</summary>
[TestClass]
public sealed class TokenForgeryTests : ApiTest
{
    private SigningKeyRing.Key _key = null!;
    private string _user = "", _keyId = "";

    [TestInitialize]
    public async Task MakeUserAsync()
    {
        (_user, var key) = await Server.UserAsync();
        _keyId = ApiKeyText.Parse(key)!.Value.Id;
        _key = (await Server.Get<SigningKeyRing>().GetAsync(Cancellation)).Signing;
    }

    [TestMethod]
    public async Task The_sample_that_is_forged_is_good() => Assert.AreEqual(StatusCode.OK, await TryAsync(Signed(Header("ES256"), Payload())));

    [TestMethod]
    [DataRow("none")]
    [DataRow("None")]
    [DataRow("NONE")]
    [DataRow("nOnE")]
    [DataRow("")]
    public async Task Without_an_algorithm(string algorithm)
    {
        await RefusedAsync($"{Encode(Header(algorithm))}.{Encode(Payload())}.");
        await RefusedAsync($"{Encode(Header(algorithm))}.{Encode(Payload())}");
        await RefusedAsync(Signed(Header(algorithm), Payload()));
    }

    [TestMethod]
    public async Task By_another_algorithm_with_the_public_key_as_its_secret()
    {
        var pem = _key.Pair.ECDsa.ExportSubjectPublicKeyInfoPem();
        var point = _key.Pair.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(pem), Encoding.UTF8.GetBytes(pem + "\n"), _key.Pair.ECDsa.ExportSubjectPublicKeyInfo(),
            [.. point.X!, .. point.Y!], point.X!, Encoding.UTF8.GetBytes(_key.Pair.KeyId), [],
        ];
        foreach (var secret in secrets)
        {
            var text = $"{Encode(Header("HS256"))}.{Encode(Payload())}";
            await RefusedAsync($"{text}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text)))}");
        }

        foreach (var algorithm in new[] { "ES384", "ES512", "RS256", "PS256", "HS512", "EdDSA", "es256", "ES256K" }) await RefusedAsync(Signed(Header(algorithm), Payload()));
    }

    [TestMethod]
    public async Task By_another_key_under_every_name()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var own = other.ExportParameters(includePrivateParameters: false).Q;
        var jwk = $$"""{"kty":"EC","crv":"P-256","x":"{{Base64UrlEncoder.Encode(own.X)}}","y":"{{Base64UrlEncoder.Encode(own.Y)}}","kid":"{{_key.Pair.KeyId}}"}""";
        string[] kids =
        [
            _key.Pair.KeyId, "", "0", "../../../dev/null", "/proc/sys/kernel/randomize_va_space", "x' UNION SELECT 'secret' --", "http://evil.example.org/key", "a\0b", new string('k', 3000), "\u202e",
        ];
        foreach (var kid in kids) await RefusedAsync(Signed($$"""{"alg":"ES256","typ":"at+jwt","kid":{{Json(kid)}}}""", Payload(), other));
        await RefusedAsync(Signed("""{"alg":"ES256","typ":"at+jwt"}""", Payload(), other));

        // A key that the token brings along, or that it says where to get.
        await RefusedAsync(Signed($$"""{"alg":"ES256","typ":"at+jwt","jwk":{{jwk}}}""", Payload(), other));
        await RefusedAsync(Signed($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{_key.Pair.KeyId}}","jku":"http://127.0.0.1:1/jwks.json"}""", Payload(), other));
        await RefusedAsync(Signed("""{"alg":"ES256","typ":"at+jwt","x5u":"http://127.0.0.1:1/c.pem","x5c":["MIIB"]}""", Payload(), other));
    }

    [TestMethod]
    public async Task With_a_signature_that_is_none()
    {
        var text = $"{Encode(Header("ES256"))}.{Encode(Payload())}";
        var whole = _key.Pair.ECDsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256);
        var der = _key.Pair.ECDsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        byte[][] signatures =
        [
            [], new byte[64], [.. Enumerable.Repeat((byte)0xff, 64)], new byte[1], whole[..63], [.. whole, 0], der,
            [.. whole[32..], .. whole[..32]],
        ];
        foreach (var signature in signatures) await RefusedAsync($"{text}.{Base64UrlEncoder.Encode(signature)}");
        await RefusedAsync(Signed(Header("ES256"), Payload()).Replace('.', ' '));
        await RefusedAsync(Signed(Header("ES256"), Payload()) + ".");
        await RefusedAsync("." + Signed(Header("ES256"), Payload()));
        await RefusedAsync("....");
        await RefusedAsync(new string('a', 4000) + "." + new string('b', 4000) + ".c");
    }

    [TestMethod]
    public async Task With_claims_that_a_good_signature_does_not_cure()
    {
        var (other, _) = await Server.UserAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string[] payloads =
        [
            Payload(issuer: "https://evil.example.org"), Payload(issuer: ""), Payload(audience: "other"), Payload(audience: ""), Payload(expires: $"{now - 60}"), Payload(expires: "-1"),
            Payload(expires: "\"soon\""), Payload(expires: "1e400"), Payload(expires: "null"), Payload(subject: "users/admin"), Payload(subject: other), Payload(subject: ""),
            Payload(keyId: "0"), Payload(keyId: "x' OR '1'='1"), Payload(keyId: ""), Payload(scope: "root"), Payload(scope: ""), Payload(scope: "admin write"),
            Payload().Replace("\"nbf\":0", $"\"nbf\":{now + 3600}", StringComparison.Ordinal), "{}", "[]", "null", "", "{\"sub\":", new string('[', 2000),
        ];
        foreach (var payload in payloads) await RefusedAsync(Signed(Header("ES256"), payload));
        foreach (var type in new[] { "JWT", "jwt", "application/at+jwt+x", "" }) await RefusedAsync(Signed(Header("ES256", type), Payload()));
    }

    private string Payload(
        string issuer = "https://synthstudio.dev", string audience = "synthstudio", string? expires = null, string? subject = null, string? keyId = null, string scope = "admin") =>
        $$"""{"iss":{{Json(issuer)}},"aud":{{Json(audience)}},"exp":{{expires ?? $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 300}"}},"nbf":0,"sub":{{Json(subject ?? _user)}},"client_id":{{Json(keyId ?? _keyId)}},"scope":{{Json(scope)}}}""";

    private string Header(string algorithm, string type = "at+jwt") => $$"""{"alg":{{Json(algorithm)}},"typ":{{Json(type)}},"kid":"{{_key.Pair.KeyId}}"}""";

    private string Signed(string header, string payload, ECDsa? key = null)
    {
        var text = $"{Encode(header)}.{Encode(payload)}";
        return $"{text}.{Base64UrlEncoder.Encode((key ?? _key.Pair.ECDsa).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Encode(string text) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(text));

    private async Task RefusedAsync(string token)
    {
        using var client = Server.Client(token);
        await RefusedAsync(StatusCode.Unauthenticated, null, () => client.Identity.WhoAmIAsync(new(), cancellationToken: Cancellation).ResponseAsync);
    }

    private async Task<StatusCode> TryAsync(string token)
    {
        using var client = Server.Client(token);
        await client.Identity.WhoAmIAsync(new(), cancellationToken: Cancellation);
        return StatusCode.OK;
    }
}

using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;

namespace SynthStudio.Api.Identity;

/// <summary>The public keys that tokens can be verified with (RFC 7517).</summary>
internal static partial class KeySet
{
    public static async Task<JsonHttpResult<Document>> GetAsync(SigningKeyRing keys, HttpContext http)
    {
        var ring = await keys.GetAsync(http.RequestAborted);
        http.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Json(new Document([.. ring.Published.Select(Publish)]), KeySetJson.Default.Document, "application/jwk-set+json");
    }

    private static Entry Publish(SigningKeyRing.Key key)
    {
        var point = key.Pair.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new Entry("EC", "P-256", "sig", "ES256", key.Pair.KeyId, Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
    }

    internal sealed record Document([property: JsonPropertyName("keys")] IReadOnlyList<Entry> Keys);

    internal sealed record Entry(
        [property: JsonPropertyName("kty")] string KeyType,
        [property: JsonPropertyName("crv")] string Curve,
        [property: JsonPropertyName("use")] string Use,
        [property: JsonPropertyName("alg")] string Algorithm,
        [property: JsonPropertyName("kid")] string Id,
        [property: JsonPropertyName("x")] string X,
        [property: JsonPropertyName("y")] string Y);

    [JsonSerializable(typeof(Document))]
    private sealed partial class KeySetJson : JsonSerializerContext;
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace SynthStudio.Catalog.Packages;

/// <summary>What who signs a package says of it; its manifest, which the hash covers, says the rest.</summary>
public sealed record PackageClaims
{
    /// <summary>SHA-256 of the package without its signature, lower-case hexadecimal.</summary>
    [JsonPropertyName("sha256"), JsonRequired]
    public string Sha256 { get; init; } = "";

    /// <summary>Bytes of the package without its signature.</summary>
    [JsonPropertyName("size"), JsonRequired]
    public long Size { get; init; }

    /// <summary>What the installation that signed calls itself.</summary>
    [JsonPropertyName("deployment")]
    public string Deployment { get; init; } = "";

    /// <summary>Resource name of the generator there.</summary>
    [JsonPropertyName("generator")]
    public string Generator { get; init; } = "";

    [JsonPropertyName("sign_time"), JsonRequired]
    public DateTimeOffset SignTime { get; init; }

    /// <summary>Of a model that came from elsewhere: who signed it when it came; empty when it was made there.</summary>
    [JsonPropertyName("received_from")]
    public string ReceivedFrom { get; init; } = "";

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <exception cref="JsonException">They are no claims.</exception>
    internal static PackageClaims Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<PackageClaims>(json) ?? throw new JsonException("null");
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Api.Identity;

/// <summary>The text of an API key, <c>ss_{environment}_{id}_{secret}</c>: recognisable by secret scanners, looked up by its id.</summary>
internal readonly record struct ApiKeyText(string Environment, string Id, string Secret)
{
    private const string Prefix = "ss";
    private const int IdBytes = 10;
    private const int SecretBytes = 32;

    /// <summary>A new key with a random id and 256 random bits.</summary>
    public static ApiKeyText Create(string environment) => new(
        environment,
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));

    /// <summary>Takes a key apart; null when the text is none.</summary>
    public static ApiKeyText? Parse(string text)
    {
        var parts = text.Split('_', 4);
        return parts is [Prefix, { Length: > 0 } environment, { Length: 2 * IdBytes } id, { Length: > 0 } secret]
            ? new ApiKeyText(environment, id, secret)
            : null;
    }

    public static bool LooksLikeOne(string text) => text.StartsWith(Prefix + "_", StringComparison.Ordinal);

    /// <summary>What is stored: SHA-256 of the secret. With 256 random bits it needs no salt and no slow hash.</summary>
    public byte[] HashSecret() => SHA256.HashData(Encoding.UTF8.GetBytes(Secret));

    /// <summary>Whether the secret is the one whose hash is stored; takes the same time either way.</summary>
    public bool Matches(byte[] hash) => CryptographicOperations.FixedTimeEquals(HashSecret(), hash);

    public override string ToString() => $"{Prefix}_{Environment}_{Id}_{Secret}";
}

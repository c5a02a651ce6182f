using System.Security.Cryptography;

namespace SynthStudio.Catalog.Webhooks;

/// <summary>
/// The keys that deliveries are signed with: derived from the server's key and a salt of the webhook's own. They are stored nowhere, so who
/// reads the database cannot sign.
/// </summary>
public sealed class WebhookSecrets
{
    private const int SaltBytes = 16;
    private const int KeyBytes = 32;
    private const string Prefix = "whsec_";

    private readonly LedgerKey _key;

    internal WebhookSecrets(LedgerKey key) => _key = key;

    /// <summary>A salt for a new secret.</summary>
    public static byte[] NewSalt() => RandomNumberGenerator.GetBytes(SaltBytes);

    /// <summary>The key, 32 bytes.</summary>
    public byte[] Key(string webhook, byte[] salt) => _key.Derive($"secret of {webhook} {Convert.ToHexStringLower(salt)}", KeyBytes);

    /// <summary>The key as its receiver is told it, as Standard Webhooks writes it.</summary>
    public string Text(string webhook, byte[] salt) => Prefix + Convert.ToBase64String(Key(webhook, salt));
}

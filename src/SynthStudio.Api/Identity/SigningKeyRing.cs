using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Identity;

/// <summary>The keys that sign tokens (ES256) and page tokens, shared by all replicas through the catalog and looked at again every minute.</summary>
internal sealed class SigningKeyRing(SigningKeyStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Ring? _ring;

    /// <summary>The key that signs now, and all that verify.</summary>
    public async ValueTask<Ring> GetAsync(CancellationToken cancellation)
    {
        if (_ring is { } fresh && time.GetUtcNow() - fresh.LoadTime < Lifetime) return fresh;
        await _gate.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (_ring is { } loaded && now - loaded.LoadTime < Lifetime) return loaded;
            var records = await store.RotateAsync(now, SigningKeyPolicy.Default, cancellation);
            return _ring = new Ring(now, [.. records.Select(Load)], Load(records.First(k => k.Signs(now))));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static Key Load(SigningKeyRecord record)
    {
        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(record.PrivateKey, out _);
        var pageSecret = HKDF.DeriveKey(HashAlgorithmName.SHA256, record.PrivateKey, 32, info: Encoding.UTF8.GetBytes("synthstudio page tokens"));
        return new Key(new ECDsaSecurityKey(pair) { KeyId = record.Id }, pageSecret);
    }

    /// <summary>The keys at one moment.</summary>
    public sealed record Ring(DateTimeOffset LoadTime, IReadOnlyList<Key> Published, Key Signing);

    /// <summary>A key pair, and a secret derived from it that binds page tokens to their queries.</summary>
    public sealed record Key(ECDsaSecurityKey Pair, byte[] PageSecret);
}

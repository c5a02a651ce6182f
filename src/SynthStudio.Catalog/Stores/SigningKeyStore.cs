using System.Security.Cryptography;

namespace SynthStudio.Catalog;

/// <summary>When signing keys change.</summary>
/// <param name="SignsFor">How long a key signs.</param>
/// <param name="PublishedBefore">How long a successor is published before it signs, so that every verifier has seen it.</param>
/// <param name="TokenLifetime">The longest life of a token; a key stays published that long after its last signature.</param>
public sealed record SigningKeyPolicy(TimeSpan SignsFor, TimeSpan PublishedBefore, TimeSpan TokenLifetime)
{
    /// <summary>A new key every 30 days, published a day ahead, for tokens of at most an hour.</summary>
    public static SigningKeyPolicy Default { get; } = new(TimeSpan.FromDays(30), TimeSpan.FromDays(1), TimeSpan.FromHours(1));
}

/// <summary>The keys that sign access tokens, shared by all API replicas.</summary>
public sealed class SigningKeyStore
{
    private readonly IDbContextFactory<CatalogContext> _contexts;

    internal SigningKeyStore(IDbContextFactory<CatalogContext> contexts) => _contexts = contexts;

    /// <summary>
    /// The published keys, oldest first, after making sure that one signs now and a successor is published in time. Expired ones are
    /// deleted. Safe from several replicas at once: only one of them makes the next key.
    /// </summary>
    public async Task<IReadOnlyList<SigningKeyRecord>> RotateAsync(
        DateTimeOffset now, SigningKeyPolicy policy, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        var keys = await ListAsync(context, cancellation);
        if (keys.All(k => k.ExpireTime > now) && keys.Any(k => k.Signs(now)) && keys.Any(k => k.RetireTime > now + policy.PublishedBefore))
            return keys;

        await using var transaction = await context.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, cancellation);
        await context.SigningKeys.Where(k => k.ExpireTime <= now).ExecuteDeleteAsync(cancellation);
        keys = await ListAsync(context, cancellation);
        DateTimeOffset? signsFrom = keys switch
        {
            _ when !keys.Any(k => k.Signs(now)) => now,
            _ when !keys.Any(k => k.RetireTime > now + policy.PublishedBefore) => keys.Max(k => k.RetireTime),
            _ => null,
        };
        if (signsFrom is { } notBefore)
        {
            var key = Create(now, notBefore, policy);
            context.Add(key);
            await context.SaveChangesAsync(cancellation);
            keys = [.. keys, key];
        }

        await transaction.CommitAsync(cancellation);
        return keys;
    }

    private static async Task<IReadOnlyList<SigningKeyRecord>> ListAsync(CatalogContext context, CancellationToken cancellation) =>
        await context.SigningKeys.AsNoTracking().OrderBy(k => k.NotBefore).ToListAsync(cancellation);

    private static SigningKeyRecord Create(DateTimeOffset now, DateTimeOffset notBefore, SigningKeyPolicy policy)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var retires = notBefore + policy.SignsFor;
        return new SigningKeyRecord
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(pair.ExportSubjectPublicKeyInfo())[..8]),
            PrivateKey = pair.ExportPkcs8PrivateKey(),
            CreateTime = now,
            NotBefore = notBefore,
            RetireTime = retires,
            ExpireTime = retires + policy.TokenLifetime,
        };
    }
}

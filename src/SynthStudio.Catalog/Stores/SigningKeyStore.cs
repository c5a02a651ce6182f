using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using SynthStudio.Catalog.Secrets;
using SynthStudio.Storage;

namespace SynthStudio.Catalog;

/// <summary>When signing keys change.</summary>
/// <param name="SignsFor">How long a key signs.</param>
/// <param name="PublishedBefore">How long a successor is published before it signs, so that every verifier has seen it.</param>
/// <param name="KeptFor">
/// How long a key stays published after its last signature: longer than any token lives, by more than the clocks of replicas differ.
/// </param>
public sealed record SigningKeyPolicy(TimeSpan SignsFor, TimeSpan PublishedBefore, TimeSpan KeptFor)
{
    /// <summary>A new key every 30 days, published a day ahead and kept for a day, for tokens of minutes.</summary>
    public static SigningKeyPolicy Default { get; } = new(TimeSpan.FromDays(30), TimeSpan.FromDays(1), TimeSpan.FromDays(1));
}

/// <summary>The keys that sign access tokens, shared by all API replicas and sealed by the master key: who reads the database cannot sign.</summary>
public sealed class SigningKeyStore
{
    private const string Columns = "id, private_key, create_time, not_before, retire_time, expire_time";

    /// <summary>Where they are stored; an older version stored them in the open.</summary>
    internal static readonly SealedColumn Column = new(
        SecretKind.SigningKey, "signing_keys", "id", "private_key", (id, _) => PurposeOf(id))
    {
        IsEarlier = stored => !MasterKey.IsSealed(stored)
    };

    private readonly DbDataSource _database;
    private readonly MasterKey _master;

    internal SigningKeyStore(DbDataSource database, MasterKey master) => (_database, _master) = (database, master);

    /// <summary>
    /// The published keys, oldest first, after making sure that one signs now and a successor is published in time. Expired ones are
    /// deleted. Safe from several replicas at once: only one of them makes the next key.
    /// </summary>
    public async Task<IReadOnlyList<SigningKeyRecord>> RotateAsync(
        DateTimeOffset now, SigningKeyPolicy policy, CancellationToken cancellation = default)
    {
        while (true)
        {
            try
            {
                return await TryRotateAsync(now, policy, cancellation);
            }
            catch (DbException e) when (SqlErrors.IsOvertaken(e))
            {
                // Another replica made the key.
            }
        }
    }

    private async Task<IReadOnlyList<SigningKeyRecord>> TryRotateAsync(DateTimeOffset now, SigningKeyPolicy policy, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        var keys = await ListAsync(connection, cancellation);
        await SealAsync(connection, cancellation);
        if (keys.All(k => k.ExpireTime > now) && SuccessorSignsFrom(keys, now, policy) is null) return keys;

        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
        await connection.Command("DELETE FROM signing_keys WHERE expire_time <= @now", ("@now", now)).ExecuteAsync(cancellation);
        keys = await ListAsync(connection, cancellation);
        if (SuccessorSignsFrom(keys, now, policy) is { } notBefore)
        {
            var key = Create(now, notBefore, policy);
            await connection.Command(
                $"INSERT INTO signing_keys ({Columns}) VALUES (@id, @key, @created, @notBefore, @retires, @expires)",
                ("@id", key.Id), ("@key", _master.Seal(key.PrivateKey, PurposeOf(key.Id))), ("@created", key.CreateTime), ("@notBefore", key.NotBefore),
                ("@retires", key.RetireTime), ("@expires", key.ExpireTime)).ExecuteAsync(cancellation);
            keys.Add(key);
        }

        await transaction.CommitAsync(cancellation);
        return keys;
    }

    /// <summary>When the next key is to sign from; null while none is needed.</summary>
    private static DateTimeOffset? SuccessorSignsFrom(List<SigningKeyRecord> keys, DateTimeOffset now, SigningKeyPolicy policy)
    {
        if (!keys.Any(k => k.Signs(now))) return now;
        var lastRetires = keys.Max(k => k.RetireTime);
        return lastRetires <= now + policy.PublishedBefore ? lastRetires : null;
    }

    /// <summary>Seals what an older version stored in the open, and what an earlier master key sealed.</summary>
    private async Task SealAsync(DbConnection connection, CancellationToken cancellation)
    {
        var stored = await connection.Command("SELECT id, private_key FROM signing_keys").ReadAsync(
            row => (Id: row.GetString(0), Key: row.GetFieldValue<byte[]>(1)), cancellation);
        foreach (var (id, key) in stored.Where(row => !_master.IsCurrent(row.Key)))
        {
            await connection.Command(
                "UPDATE signing_keys SET private_key = @new WHERE id = @id AND private_key = @old",
                ("@new", _master.Seal(Open(id, key), PurposeOf(id))), ("@id", id), ("@old", key)).ExecuteAsync(cancellation);
        }
    }

    private byte[] Open(string id, byte[] stored) => MasterKey.IsSealed(stored) ? _master.Open(stored, PurposeOf(id)) : stored;

    private static string PurposeOf(string id) => $"signing key {id}";

    private Task<List<SigningKeyRecord>> ListAsync(DbConnection connection, CancellationToken cancellation) =>
        connection.Command($"SELECT {Columns} FROM signing_keys ORDER BY not_before").ReadAsync(
            row => new SigningKeyRecord
            {
                Id = row.GetString(0),
                PrivateKey = Open(row.GetString(0), row.GetFieldValue<byte[]>(1)),
                CreateTime = row.GetTime(2),
                NotBefore = row.GetTime(3),
                RetireTime = row.GetTime(4),
                ExpireTime = row.GetTime(5),
            },
            cancellation);

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
            ExpireTime = retires + policy.KeptFor,
        };
    }
}

using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Catalog;

/// <summary>
/// The server's secret behind the ledger's chain, the fingerprints of rows, the signatures of audit trails and of events for webhooks, in a
/// file of its own that only the server's user reads.
/// </summary>
public sealed class LedgerKey
{
    private const int Bytes = 32;

    private readonly byte[] _key;

    private LedgerKey(byte[] key) => _key = key;

    /// <summary>The key of the chain.</summary>
    internal ReadOnlySpan<byte> Chain => _key;

    /// <summary>The key that a project's rows are fingerprinted with, 16 bytes: fingerprints of different projects cannot be compared.</summary>
    public byte[] Fingerprints(string project) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"row fingerprints of {project}"))[..16];

    /// <summary>The key that earlier versions encrypted people's second factors with, 32 bytes.</summary>
    internal byte[] SecondFactors() => Derive("second factors", 32);

    /// <summary>The private key that files of evidence packs are signed with, 32 bytes: who has the database alone cannot sign.</summary>
    public byte[] EvidencePacks() => Derive("signatures of evidence packs", 32);

    /// <summary>The key that seals stored secrets where no other is set, 32 bytes.</summary>
    public byte[] MasterKey() => Derive("sealing of stored secrets", Storage.MasterKey.Bytes);

    /// <summary>A key for another purpose (HKDF, RFC 5869): nobody learns this one from it.</summary>
    internal byte[] Derive(string purpose, int bytes) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, bytes, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>Reads the key, or makes one. Of processes that start together one makes it.</summary>
    /// <exception cref="IOException">The file is no key.</exception>
    public static LedgerKey Open(string path)
    {
        if (!File.Exists(path)) TryCreate(path);
        return Read(path);
    }

    /// <summary>Reads the key.</summary>
    /// <exception cref="IOException">The file is not there, or is no key.</exception>
    public static LedgerKey Read(string path)
    {
        var key = File.ReadAllBytes(path);
        if (key.AsSpan().StartsWith("change-me"u8)) throw new IOException($"{path} is the key of the example, which everybody knows. Make one: head -c {Bytes} /dev/urandom.");
        return key.Length == Bytes ? new LedgerKey(key) : throw new IOException($"{path} is not a key of {Bytes} bytes. Put the ledger's own key back.");
    }

    private static void TryCreate(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(Bytes));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft); // Another process was first.
        }
    }
}

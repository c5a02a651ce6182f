using System.Security.Cryptography;
using SynthStudio.Storage.S3;

namespace SynthStudio.Storage;

/// <summary>
/// Encrypts what goes into another store with the keys of projects, and decrypts what comes out (<see cref="ObjectCipher"/>). What was put before
/// encryption was on is known by its key, the hash of its own bytes, and is read as it is.
/// </summary>
internal sealed class EncryptingObjectStore : IObjectStore, IDisposable
{
    private readonly IObjectStore _inner;
    private readonly IProjectKeys _keys;
    private readonly LocalCopies _copies;
    private readonly string _incoming, _project;
    private readonly bool _encrypts;

    /// <param name="inner">Keeps the encrypted bytes.</param>
    /// <param name="keys">The keys of projects.</param>
    /// <param name="folder">Of files on their way in, and of decrypted copies for workers, which read nothing else.</param>
    /// <param name="encrypts">Whether what is put is encrypted; without, only reading understands what is.</param>
    /// <param name="cacheBytes">Bytes of decrypted copies that are kept.</param>
    /// <param name="clock">Tells when a copy was used.</param>
    public EncryptingObjectStore(IObjectStore inner, IProjectKeys keys, string folder, bool encrypts, long cacheBytes, TimeProvider clock)
    {
        (_inner, _keys, _encrypts, _project) = (inner, keys, encrypts, "");
        _incoming = Path.Combine(folder, "incoming");
        DurableFiles.CreateFolder(_incoming);
        foreach (var abandoned in Directory.EnumerateFiles(_incoming)) File.Delete(abandoned);
        _copies = new LocalCopies(Path.Combine(folder, "copies"), cacheBytes, clock);
    }

    private EncryptingObjectStore(EncryptingObjectStore store, string project) =>
        (_inner, _keys, _copies, _incoming, _encrypts, _project) = (store._inner, store._keys, store._copies, store._incoming, store._encrypts, project);

    public IObjectStore OfProject(string project) => new EncryptingObjectStore(this, project);

    public async ValueTask<string> KeyOfAsync(string sha256, CancellationToken cancellation) => _encrypts
        ? KeyOf(await _keys.CurrentAsync(_project, cancellation), sha256)
        : await _inner.KeyOfAsync(sha256, cancellation);

    public Task ProbeAsync(CancellationToken cancellation = default) => _inner.ProbeAsync(cancellation);

    public Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellation = default) => _inner.GetTimeAsync(cancellation);

    public async Task<ObjectRef> PutAsync(Stream content, string mediaType, CancellationToken cancellation = default)
    {
        if (!_encrypts) return await _inner.PutAsync(content, mediaType, cancellation);
        var path = Incoming();
        try
        {
            await using (var file = Create(path)) await content.CopyToAsync(file, 1 << 20, cancellation);
            return await PutFileAsync(path, mediaType, cancellation);
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            throw new StorageFullException(e);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async Task<ObjectRef> PutFileAsync(string path, string mediaType, CancellationToken cancellation = default)
    {
        if (!_encrypts) return await _inner.PutFileAsync(path, mediaType, cancellation);
        await using var plain = FilesOfOthers.Open(path);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(plain, cancellation));
        plain.Position = 0;
        var put = await EncryptAsync(plain, sha256, mediaType, cancellation);
        if (FilesOfOthers.IsStill(path, plain)) File.Delete(path);
        return put;
    }

    public async Task<ObjectRef> PutHashedFileAsync(string path, string sha256, string mediaType, CancellationToken cancellation = default)
    {
        if (!_encrypts) return await _inner.PutHashedFileAsync(path, sha256, mediaType, cancellation);
        await using var plain = FilesOfOthers.Open(path);
        var put = await EncryptAsync(plain, sha256, mediaType, cancellation);
        File.Delete(path);
        return put;
    }

    /// <summary>Puts what the open file holds, whatever is under its path by now.</summary>
    private async Task<ObjectRef> EncryptAsync(FileStream plain, string sha256, string mediaType, CancellationToken cancellation)
    {
        var key = await _keys.CurrentAsync(_project, cancellation);
        var encrypted = Incoming();
        try
        {
            var size = plain.Length;
            await using (var stored = Create(encrypted)) await EncryptAsync(plain, stored, key, sha256, cancellation);
            var reference = await _inner.PutHashedFileAsync(encrypted, Convert.ToHexStringLower(ObjectCipher.NameOf(key, sha256)), mediaType, cancellation);
            return reference with { Sha256 = sha256, Size = size };
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            throw new StorageFullException(e);
        }
        finally
        {
            File.Delete(encrypted);
        }
    }

    public Task<int> AbortUnfinishedAsync(DateTimeOffset begunBefore, CancellationToken cancellation = default) =>
        _inner.AbortUnfinishedAsync(begunBefore, cancellation);

    /// <summary>A link would lead to encrypted bytes.</summary>
    public Task<Uri?> CreateLinkAsync(ObjectRef reference, string fileName, TimeSpan lifetime) =>
        ObjectKeys.IsEncrypted(reference) ? Task.FromResult<Uri?>(null) : _inner.CreateLinkAsync(reference, fileName, lifetime);

    public async Task<Stream> OpenReadAsync(ObjectRef reference, bool verify = true, CancellationToken cancellation = default)
    {
        if (!ObjectKeys.IsEncrypted(reference)) return await _inner.OpenReadAsync(reference, verify, cancellation);
        var stored = await _inner.OpenReadAsync(reference, verify: false, cancellation); // Every chunk proves itself.
        try
        {
            var head = new byte[ObjectCipher.HeadBytes];
            if (await stored.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation) < head.Length)
                throw new ObjectCorruptException(reference.Key, "an end in its head");
            return new DecryptingStream(stored, await ObjectCipher.DecryptingAsync(head, reference, _keys, cancellation), reference);
        }
        catch
        {
            await stored.DisposeAsync();
            throw;
        }
    }

    public Task<string> GetLocalPathAsync(ObjectRef reference, CancellationToken cancellation = default) => ObjectKeys.IsEncrypted(reference)
        ? _copies.GetAsync(reference, () => OpenReadAsync(reference, verify: true, cancellation), cancellation)
        : _inner.GetLocalPathAsync(reference, cancellation);

    public Task<bool> ExistsAsync(ObjectRef reference, CancellationToken cancellation = default) =>
        _inner.ExistsAsync(reference, cancellation);

    public Task<bool> DeleteAsync(string key, DateTimeOffset putBefore, CancellationToken cancellation = default) =>
        _inner.DeleteAsync(key, putBefore, cancellation);

    public IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellation = default) => _inner.ListAsync(cancellation);

    public void Dispose()
    {
        _copies.Dispose();
        (_inner as IDisposable)?.Dispose();
    }

    private static string KeyOf(ProjectKey key, string sha256) => ObjectKeys.For(Convert.ToHexStringLower(ObjectCipher.NameOf(key, sha256)));

    private static async Task EncryptAsync(FileStream plain, FileStream stored, ProjectKey key, string sha256, CancellationToken cancellation)
    {
        using var cipher = ObjectCipher.Encrypting(key, sha256, plain.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        stored.Write(cipher.Head);
        var (chunk, sealedChunk) = (new byte[ObjectCipher.ChunkBytes], new byte[ObjectCipher.StoredChunkBytes]);
        for (var number = 0L; number < cipher.Chunks; number++)
        {
            var length = cipher.LengthOf(number);
            await plain.ReadExactlyAsync(chunk.AsMemory(0, length), cancellation);
            hash.AppendData(chunk, 0, length);
            cipher.Encrypt(number, chunk.AsSpan(0, length), sealedChunk);
            await stored.WriteAsync(sealedChunk.AsMemory(0, length + ObjectCipher.TagBytes), cancellation);
        }

        // Later reads prove that nothing was changed since, not that these were the right bytes.
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != sha256)
            throw new ObjectCorruptException(ObjectKeys.For(sha256), "other bytes when it was encrypted than when it was hashed");
    }

    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 18);

    private string Incoming() => Path.Combine(_incoming, Guid.CreateVersion7().ToString("N"));
}

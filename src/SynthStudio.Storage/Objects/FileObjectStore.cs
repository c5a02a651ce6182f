using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace SynthStudio.Storage;

/// <summary>Objects as read-only files below a folder. An object is written beside its place, flushed, and moved there.</summary>
internal sealed class FileObjectStore : IObjectStore
{
    private const int BufferSize = 256 * 1024;

    private readonly string _root;
    private readonly string _scratch;
    private readonly TimeProvider _clock;
    private readonly Lock[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    /// <param name="root">The folder; made if need be.</param>
    /// <param name="clock">Tells when an object was put.</param>
    public FileObjectStore(string root, TimeProvider clock)
    {
        _root = Path.GetFullPath(root);
        _scratch = Path.Combine(_root, "incoming");
        _clock = clock;
        DurableFiles.CreateFolder(_scratch);
        RemoveAbandoned();
    }

    public Task ProbeAsync(CancellationToken cancellation = default) =>
        Directory.Exists(_scratch) ? Task.CompletedTask : throw new StorageUnavailableException($"The folder {_scratch} is gone.");

    public Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellation = default) => Task.FromResult(_clock.GetUtcNow());

    public async Task<ObjectRef> PutAsync(Stream content, string mediaType, CancellationToken cancellation = default)
    {
        var path = Path.Combine(_scratch, Guid.CreateVersion7().ToString("N"));
        try
        {
            string sha256;
            using (var file = DurableFiles.Open(path, FileMode.CreateNew))
            {
                sha256 = await CopyAsync(content, file, cancellation);
                RandomAccess.FlushToDisk(file);
            }

            return Publish(path, sha256, mediaType);
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            throw new StorageFullException(e);
        }
        finally
        {
            File.Delete(path); // Moved away when all went well: then there is nothing to delete.
        }
    }

    public async Task<ObjectRef> PutFileAsync(string path, string mediaType, CancellationToken cancellation = default)
    {
        var incoming = Path.Combine(_scratch, Guid.CreateVersion7().ToString("N"));
        try
        {
            await Task.Run(() => File.Move(path, incoming), cancellation); // Copies when it comes from another file system.
            string sha256;
            await using (var file = new FileStream(incoming, FileMode.Open, FileAccess.Read, FileShare.Read, 1))
                sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
            return await PutHashedFileAsync(incoming, sha256, mediaType, cancellation);
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            throw new StorageFullException(e);
        }
        finally
        {
            GiveBack(incoming, path);
        }
    }

    public Task<Uri?> CreateLinkAsync(ObjectRef reference, string fileName, TimeSpan lifetime) => Task.FromResult<Uri?>(null);

    public async Task<ObjectRef> PutHashedFileAsync(string path, string sha256, string mediaType, CancellationToken cancellation = default)
    {
        try
        {
            await Task.Run(() => Flush(path), cancellation);
            return Publish(path, sha256, mediaType);
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            throw new StorageFullException(e);
        }
    }

    public Task<Stream> OpenReadAsync(ObjectRef reference, bool verify = true, CancellationToken cancellation = default)
    {
        var path = PathOf(reference.Key);
        try
        {
            Stream file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, verify ? 1 : 16 * 1024);
            return Task.FromResult(verify ? new VerifyingStream(file, reference) : file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectNotFoundException(reference.Key, e);
        }
    }

    public Task<string> GetLocalPathAsync(ObjectRef reference, CancellationToken cancellation = default)
    {
        var path = PathOf(reference.Key);
        return File.Exists(path) ? Task.FromResult(path) : throw new ObjectNotFoundException(reference.Key);
    }

    public Task<bool> ExistsAsync(ObjectRef reference, CancellationToken cancellation = default) =>
        Task.FromResult(File.Exists(PathOf(reference.Key)));

    public Task<bool> DeleteAsync(string key, DateTimeOffset putBefore, CancellationToken cancellation = default)
    {
        var file = new FileInfo(PathOf(key));
        lock (GateOf(key))
        {
            if (!file.Exists || file.LastWriteTimeUtc >= putBefore.UtcDateTime) return Task.FromResult(false);
            file.Delete();
            return Task.FromResult(true);
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var folder = new DirectoryInfo(Path.Combine(_root, "sha256"));
        if (!folder.Exists) yield break;
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();
            var key = Path.GetRelativePath(_root, file.FullName).Replace('\\', '/');
            if (ObjectKeys.IsKey(key)) yield return new StoredObject(key, file.Length, file.LastWriteTimeUtc);
        }

        await Task.CompletedTask;
    }

    /// <summary>Removes what a process that died was writing; nobody writes to a file for a day without touching it.</summary>
    private void RemoveAbandoned()
    {
        var abandoned = _clock.GetUtcNow().AddDays(-1).UtcDateTime;
        foreach (var file in new DirectoryInfo(_scratch).EnumerateFiles().Where(f => f.LastWriteTimeUtc < abandoned)) file.Delete();
    }

    private ObjectRef Publish(string path, string sha256, string mediaType)
    {
        var key = ObjectKeys.For(sha256);
        var destination = PathOf(key);
        var size = new FileInfo(path).Length;
        File.SetLastWriteTimeUtc(path, _clock.GetUtcNow().UtcDateTime);
        lock (GateOf(key))
        {
            // Over an existing object too: the bytes are the same, and a damaged copy is mended.
            DurableFiles.Publish(path, destination);
            // Only now: what could not be stored is written to again.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(destination, UnixFileMode.UserRead);
        }

        return new ObjectRef(key, sha256, size, mediaType);
    }

    /// <summary>Where a file could not be stored, whoever made it has it again, to try once more.</summary>
    private static void GiveBack(string incoming, string path)
    {
        var beside = $"{path}.back";
        try
        {
            if (!File.Exists(incoming)) return;
            File.Move(incoming, beside); // Into another file system it is copied, which may break off.
            File.Move(beside, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its maker has it still, has another one there, or makes it anew.
            File.Delete(incoming);
            File.Delete(beside);
        }
    }

    private static void Flush(string path)
    {
        using var file = DurableFiles.Open(path, FileMode.Open);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Keeps deleting an object and putting it again apart.</summary>
    private Lock GateOf(string key) => _gates[(uint)key.GetHashCode(StringComparison.Ordinal) % _gates.Length];

    private string PathOf(string key) => ObjectKeys.IsKey(key)
        ? Path.Combine(_root, key)
        : throw new ArgumentException($"{key} is not the key of an object.", nameof(key));

    private static async Task<string> CopyAsync(Stream content, SafeFileHandle file, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        var offset = 0L;
        while (await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            RandomAccess.Write(file, buffer.AsSpan(0, read), offset);
            offset += read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

using System.Security.Cryptography;

namespace SynthStudio.Storage.S3;

/// <summary>
/// Copies of remote objects as files, for workers, which read nothing else. A copy is complete and verified or not there, and one that was damaged
/// where it lies is made anew when it is asked for. The longest unused ones go when they are too many, those used lately stay, and one that nobody
/// used for a day goes in any case: so nothing is left here for long of what was deleted where it is stored.
/// </summary>
internal sealed class LocalCopies : IDisposable
{
    /// <summary>Whoever was given a path opens it within this time.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Unused = TimeSpan.FromDays(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly long _most;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ITimer _timer;

    /// <param name="folder">Where the copies lie; made if need be.</param>
    /// <param name="most">Bytes that are kept.</param>
    /// <param name="clock">Tells when a copy was used.</param>
    public LocalCopies(string folder, long most, TimeProvider clock)
    {
        (_folder, _most, _clock) = (folder, most, clock);
        DurableFiles.CreateFolder(folder);
        foreach (var partial in Directory.EnumerateFiles(folder, "*.part")) File.Delete(partial);
        _timer = clock.CreateTimer(_ => TidyUp(), null, TimeSpan.Zero, LookInterval);
    }

    /// <summary>The path of the object's copy, which is made if there is none, or none that has the object's hash.</summary>
    /// <param name="reference">The object.</param>
    /// <param name="open">Opens the object; its stream verifies what is read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="StorageFullException">There is no room.</exception>
    /// <exception cref="ObjectCorruptException">There is no sound copy, and what is stored is damaged, too.</exception>
    public async Task<string> GetAsync(ObjectRef reference, Func<Task<Stream>> open, CancellationToken cancellation)
    {
        var path = Path.Combine(_folder, reference.Sha256);
        var sound = await IsSoundAsync(path, reference.Sha256, cancellation); // Before the gate: nobody waits while a large copy is read.
        await _gate.WaitAsync(cancellation);
        try
        {
            // One that was damaged may have been made anew meanwhile, and is in use then.
            if (!File.Exists(path) || (!sound && !await IsSoundAsync(path, reference.Sha256, cancellation)))
            {
                File.Delete(path);
                await MakeAsync(path, open, cancellation);
            }

            File.SetLastWriteTimeUtc(path, _clock.GetUtcNow().UtcDateTime);
            MakeRoom();
            return path;
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            throw new StorageFullException(e);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Takes a file over that has just been stored, so that it need not be fetched. Where that cannot be, it is fetched when it is needed:
    /// it is stored all the same.
    /// </summary>
    public void Adopt(string path, string sha256)
    {
        var partial = Path.Combine(_folder, $"{sha256}.{Guid.NewGuid():N}.part");
        try
        {
            File.Move(path, partial); // Out of another file system it is copied, which may break off.
            File.SetLastWriteTimeUtc(partial, _clock.GetUtcNow().UtcDateTime);
            File.Move(partial, Path.Combine(_folder, sha256), overwrite: true);
            MakeRoom();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(path);
            Remove(partial);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _gate.Dispose();
    }

    /// <summary>Whether there is a copy with the bytes that were stored; one that the disk does not give back is none.</summary>
    private static async Task<bool> IsSoundAsync(string path, string sha256, CancellationToken cancellation)
    {
        if (!File.Exists(path)) return false;
        try
        {
            await using var copy = FilesOfOthers.Open(path);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(copy, cancellation)) == sha256;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task MakeAsync(string path, Func<Task<Stream>> open, CancellationToken cancellation)
    {
        var partial = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await using (var source = await open())
            await using (var target = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1))
                await source.CopyToAsync(target, 1 << 20, cancellation);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever made it clears up after itself; the next process removes what is partial.
        }
    }

    private void TidyUp()
    {
        try
        {
            if (!_gate.Wait(0)) return; // A copy is being made, after which there is tidied up.
        }
        catch (ObjectDisposedException)
        {
            return; // The last tick of a timer that ended.
        }

        try
        {
            MakeRoom();
        }
        catch (IOException)
        {
            // A file that is busy goes in the next round.
        }
        finally
        {
            _gate.Release();
        }
    }

    private void MakeRoom()
    {
        var copies = new DirectoryInfo(_folder)
            .EnumerateFiles()
            .Where(file => file.Extension.Length == 0 && file.Exists)
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .ToList();
        var now = _clock.GetUtcNow().UtcDateTime;
        long kept = 0;
        foreach (var copy in copies)
        {
            kept += copy.Length;
            var unused = now - copy.LastWriteTimeUtc;
            if (unused > Unused || (kept > _most && unused > InUse)) copy.Delete();
        }
    }
}

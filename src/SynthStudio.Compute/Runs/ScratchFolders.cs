using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Compute;

/// <summary>
/// A folder for each run, in one of the silo's own. Beside that lies a file that the silo holds locked while it lives: whoever can lock
/// such a file knows that its silo is dead, on this machine or another, and removes what it left.
/// </summary>
internal sealed class ScratchFolders(IOptions<ComputeOptions> options, ILogger<ScratchFolders> logger) : IDisposable
{
    private const string Prefix = "silo-", LockSuffix = ".lock", MadeSuffix = ".lock-made";

    /// <summary>
    /// Windows renames an open file only where that is shared. Elsewhere anything but <see cref="FileShare.None"/> asks for a shared lock, and on NFS and SMB
    /// there is none for a file that is opened to write.
    /// </summary>
    private static readonly FileShare Locked = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    /// <summary>A lock file has its name a moment after it was made; without it after this time its silo died in between.</summary>
    private static readonly TimeSpan LongestMaking = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly string own = Path.Combine(Path.GetFullPath(options.Value.ScratchFolder), $"{Prefix}{Guid.NewGuid():N}");
    private FileStream? held;

    /// <summary>Makes an empty folder.</summary>
    public string Create()
    {
        Hold();
        return Directory.CreateDirectory(Path.Combine(own, Guid.NewGuid().ToString("N"))).FullName;
    }

    public void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was written, or it is gone.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ComputeLog.ScratchStays(logger, e, folder);
        }
    }

    /// <summary>Removes what dead silos left behind. A folder is made after its lock file and removed before it.</summary>
    public void RemoveDead()
    {
        Hold();
        var root = Path.GetDirectoryName(own)!;
        foreach (var file in Directory.EnumerateFiles(root, Prefix + "*" + LockSuffix))
        {
            if (TryLock(file) is not { } theirs) continue;

            Remove(Path.ChangeExtension(file, null));
            File.Delete(file);
            theirs.Dispose();
        }

        foreach (var folder in Directory.EnumerateDirectories(root, Prefix + "*"))
        {
            if (!File.Exists(folder + LockSuffix)) Remove(folder);
        }

        // A younger one may be about to be locked, and must be free then. The own one tells the file system's time, which may be another's.
        var abandoned = File.GetLastWriteTimeUtc(own + LockSuffix) - LongestMaking;
        foreach (var file in new DirectoryInfo(root).EnumerateFiles(Prefix + "*" + MadeSuffix))
        {
            if (!file.Exists || file.LastWriteTimeUtc > abandoned || TryLock(file.FullName) is not { } theirs) continue;

            theirs.Dispose();
            file.Delete();
        }
    }

    /// <summary>Removes the silo's own folder.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (held is null) return;

            Remove(own);
            File.Delete(own + LockSuffix);
            held.Dispose();
            held = null;
        }
    }

    private void Hold()
    {
        lock (gate)
        {
            if (held is not null) return;

            Directory.CreateDirectory(Path.GetDirectoryName(own)!);

            // It gets its name when it is locked: a silo that starts beside this one would take it for a dead one's, and delete it.
            var file = new FileStream(own + MadeSuffix, FileMode.CreateNew, FileAccess.ReadWrite, Locked);
            try
            {
                File.Move(own + MadeSuffix, own + LockSuffix);
            }
            catch
            {
                file.Dispose();
                throw;
            }

            held = file;
        }
    }

    private static FileStream? TryLock(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

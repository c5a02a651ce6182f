using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SynthStudio.Storage;

/// <summary>Makes files and their names survive a loss of power.</summary>
internal static partial class DurableFiles
{
    /// <summary>Folders and files of the store are their owner's only: they hold personal data.</summary>
    public const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int ReadOnlyFlag = 0;

    private const int UnspecificError = unchecked((int)0x80131620);

    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent) CreateFolder(parent); // Else parents would be open to all.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, PrivateFolder);
    }

    /// <summary>A new file, or an existing one of ours, that this process alone writes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it must be new.</param>
    /// <param name="size">Bytes to reserve in a new file; its length stays 0.</param>
    /// <exception cref="StorageFullException">There is no room for so many bytes.</exception>
    public static SafeFileHandle Open(string path, FileMode mode, long size = 0)
    {
        try
        {
            var handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read, FileOptions.None, size);
            if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, PrivateFile);
            return handle;
        }
        catch (IOException e) when (size > 0 && e.HResult == UnspecificError)
        {
            throw new StorageFullException(e); // The reservation failed: that error has no code of its own.
        }
    }

    /// <summary>Gives a flushed file its final name, durably: the name is there or not, never with half a file.</summary>
    public static void Publish(string path, string destination)
    {
        var folder = Path.GetDirectoryName(destination)!;
        var isNewFolder = !Directory.Exists(folder);
        if (isNewFolder) CreateFolder(folder);
        File.Move(path, destination, overwrite: true);
        FlushFolder(folder);
        if (!isNewFolder) return;
        FlushFolder(Path.GetDirectoryName(folder)!);
        FlushFolder(Path.GetDirectoryName(Path.GetDirectoryName(folder)!)!);
    }

    /// <summary>Makes names in a folder durable. Windows keeps them in its journal.</summary>
    private static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = OpenFolder(path, ReadOnlyFlag);
        if (descriptor < 0) throw LastError(path);
        try
        {
            if (Synchronise(descriptor) != 0) throw LastError(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException LastError(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

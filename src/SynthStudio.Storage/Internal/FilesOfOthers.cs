namespace SynthStudio.Storage;

/// <summary>
/// Files that are taken over while whoever made them lives, and may put another one under the same path or delete it: they are opened once, and hashed and
/// sent by what was opened.
/// </summary>
internal static class FilesOfOthers
{
    private const int BufferBytes = 1 << 18;

    /// <summary>Opens a file that its maker may delete or move away meanwhile.</summary>
    public static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Whether the path still leads to the file that was opened: another one was written at another time.</summary>
    public static bool IsStill(string path, FileStream file)
    {
        var now = new FileInfo(path);
        return now.Exists && now.Length == file.Length && now.LastWriteTimeUtc == File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }
}

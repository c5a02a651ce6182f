namespace SynthStudio.Testing;

/// <summary>
/// A folder with little room: a small file system that only the program started here sees, where one may be mounted, else a limit on the size of
/// every file that it and its children write. It is gone with the program, however that ends.
/// </summary>
/// <param name="Folder">The folder, which must exist.</param>
/// <param name="Megabytes">The room.</param>
/// <param name="IsMounted">Whether it is a file system of its own.</param>
public sealed record SmallDisk(string Folder, int Megabytes, bool IsMounted)
{
    /// <summary>What to start the program by: it becomes the program.</summary>
    public string[] Launcher => IsMounted
        ? ["unshare", "--mount", "bash", "-c", $"mount -t tmpfs -o size={Megabytes}m tmpfs '{Folder}' && exec \"$@\"", "bash"]
        : ["bash", "-c", $"trap '' XFSZ; ulimit -f {Megabytes * 1024}; exec \"$@\"", "bash"];

    public static async Task<SmallDisk> CreateAsync(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        var mounts = await Command.RunAsync("unshare", ["--mount", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", Path.GetTempPath()]);
        return new SmallDisk(folder, megabytes, mounts.ExitCode == 0);
    }
}

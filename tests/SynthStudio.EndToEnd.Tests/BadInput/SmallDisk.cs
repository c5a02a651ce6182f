namespace SynthStudio.EndToEnd.Tests;

/// <summary>
/// A data folder with little room: a small file system that only the server sees, where one may be mounted, else a limit on the size of every
/// file that the server and its workers write. It is gone with the server, however that ends.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _launcher;

    private SmallDisk(int megabytes, bool canMount)
    {
        Directory.CreateDirectory(_folder["disk"]);
        _launcher = canMount
            ? ["unshare", "--mount", "bash", "-c", $"mount -t tmpfs -o size={megabytes}m tmpfs '{_folder["disk"]}' && exec \"$@\"", "bash"]
            : ["bash", "-c", $"trap '' XFSZ; ulimit -f {megabytes * 1024}; exec \"$@\"", "bash"];
    }

    public static async Task<SmallDisk> CreateAsync(int megabytes)
    {
        var mounts = await Command.RunAsync("unshare", ["--mount", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", Path.GetTempPath()]);
        return new SmallDisk(megabytes, mounts.ExitCode == 0);
    }

    /// <summary>Starts a server that keeps its data here.</summary>
    public Task<ServedProcess> ServeAsync() => ServedProcess.StartAsync(_folder["disk/data"], _launcher);

    public void Dispose() => _folder.Dispose();
}

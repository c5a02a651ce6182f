namespace SynthStudio.EndToEnd.Tests;

/// <summary>
/// A data folder with little room: a small file system of its own where one may be mounted, else a limit on the size of every file that the
/// server and its workers write.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly int _megabytes;
    private readonly bool _isMounted;

    private SmallDisk(TemporaryFolder folder, int megabytes, bool isMounted) => (_folder, _megabytes, _isMounted) = (folder, megabytes, isMounted);

    public static async Task<SmallDisk> CreateAsync(int megabytes)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["disk"]);
        var mount = await Command.RunAsync("bash", ["-c", $"mount -t tmpfs -o size={megabytes}m tmpfs '{folder["disk"]}'"]);
        return new SmallDisk(folder, megabytes, mount.ExitCode == 0);
    }

    /// <summary>Starts a server that keeps its data here.</summary>
    public Task<ServedProcess> ServeAsync() => _isMounted
        ? ServedProcess.StartAsync(_folder["disk/data"])
        : ServedProcess.StartAsync(_folder["disk/data"], "bash", "-c", $"trap '' XFSZ; ulimit -f {_megabytes * 1024}; exec \"$@\"", "bash");

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            (await Command.RunAsync("umount", ["--lazy", _folder["disk"]])).Succeeded();
        }

        _folder.Dispose();
    }
}

using System.Globalization;

namespace SynthStudio.ClusterTorture;

/// <summary>Which process holds the other end of a loopback connection, by what the kernel tells in <c>/proc</c>.</summary>
internal static class SocketOwner
{
    /// <summary>The first of the processes that holds the socket; null when none does.</summary>
    /// <param name="localPort">The socket's port.</param>
    /// <param name="remotePort">The port that it is connected to.</param>
    /// <param name="processes">Their numbers.</param>
    public static int? Find(int localPort, int remotePort, IEnumerable<int> processes)
    {
        var link = InodeOf(localPort, remotePort) is { } inode ? $"socket:[{inode}]" : null;
        return link is null ? null : processes.Where(p => Holds(p, link)).Select(p => (int?)p).FirstOrDefault();
    }

    private static string? InodeOf(int localPort, int remotePort)
    {
        foreach (var line in File.ReadLines("/proc/net/tcp").Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (PortOf(fields[1]) == localPort && PortOf(fields[2]) == remotePort) return fields[9];
        }

        return null;
    }

    private static int PortOf(string address) => int.Parse(
        address.AsSpan(address.IndexOf(':', StringComparison.Ordinal) + 1),
        NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static bool Holds(int process, string link)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Any(fd => TargetOf(fd) == link);
        }
        catch (IOException)
        {
            return false; // It ended.
        }
    }

    private static string? TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null; // It was closed.
        }
    }
}

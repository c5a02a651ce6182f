using System.Net;
using System.Net.Sockets;

namespace SynthStudio.Hosting;

/// <summary>Finds loopback ports for servers that cannot bind to port 0 themselves.</summary>
internal static class FreePort
{
    /// <summary>A port that was free a moment ago.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Net;
using System.Net.Sockets;

namespace SynthStudio.Testing.Servers;

public static class Ports
{
    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SynthStudio.Hosting;

/// <summary>Finds loopback ports for servers that cannot bind to port 0 themselves.</summary>
internal static class FreePort
{
    /// <summary>
    /// Below what systems give out themselves, and none of the usual ones of silos (11111, 30000): nobody who asks for any port,
    /// or connects, gets it before its server has it.
    /// </summary>
    private const int First = 12_000, End = 30_000;

    private static int _last = RandomNumberGenerator.GetInt32(End - First);

    /// <summary>A loopback port that was free a moment ago; another one each time.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % (End - First));
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Somebody has it, or the system keeps it: the next one.
            }
        }
    }
}

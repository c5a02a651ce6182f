using System.Net;
using System.Net.Sockets;

namespace SynthStudio.Api.Outbound;

/// <summary>
/// Which addresses the server connects to for those who work in projects: public ones, and what the operator allows. Against server-side request forgery the
/// address is checked that is connected to, not the one that a name had before.
/// </summary>
/// <param name="allowedNetworks">Networks that may be reached although they are not public, in CIDR notation.</param>
internal sealed class OutboundAddresses(IEnumerable<string> allowedNetworks)
{
    /// <summary>What is not public (IANA's special-purpose registries of IPv4 and IPv6), or stands for other addresses that may not be.</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
            "fec0::/10", "ff00::/8",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private readonly IPNetwork[] _allowed = [.. allowedNetworks.Select(network => IPNetwork.Parse(network))];

    /// <summary>Whether an address may be connected to.</summary>
    public bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(_allowed, network => network.Contains(plain)) || !Array.Exists(Special, network => network.Contains(plain));
    }

    /// <summary>Connects to the first address of a host that takes the connection, all of which must be allowed.</summary>
    /// <exception cref="AddressNotAllowedException">The host has none, or one that is not allowed.</exception>
    /// <exception cref="SocketException">None takes the connection.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await ResolveAsync(context.DnsEndPoint.Host, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The addresses of a host. A name that does not exist is told like one that is not allowed: nobody is to
    /// find out names of a private network.
    /// </summary>
    /// <exception cref="AddressNotAllowedException">The host has none, or one that is not allowed.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancellation);
            return addresses.Length > 0 && Array.TrueForAll(addresses, IsAllowed) ? addresses : throw new AddressNotAllowedException();
        }
        catch (SocketException e)
        {
            throw new AddressNotAllowedException(e);
        }
    }
}

/// <summary>A host's address is none that may be called.</summary>
internal sealed class AddressNotAllowedException(Exception? inner = null) : IOException("The host has no address that may be called.", inner);

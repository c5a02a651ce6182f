using System.Net;
using System.Net.Sockets;

namespace SynthStudio.Api.Identity;

/// <summary>Where a call comes from, as far as the connection tells.</summary>
internal static class CallerAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The IP address of whoever connected; empty where there is none.</summary>
    public static string Of(ServerCallContext context) => context.GetHttpContext().Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>What limits count as one caller: an address, of IPv6 a whole network, since 64 bits are one caller's own.</summary>
    public static string NetworkOf(ServerCallContext context) => NetworkOf(context.GetHttpContext());

    /// <summary>The same of any request.</summary>
    public static string NetworkOf(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } address) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"{new IPAddress([.. address.GetAddressBytes()[..NetworkBytes], .. new byte[NetworkBytes]])}/64"
            : address.ToString();
    }
}

using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace SynthStudio.Api;

/// <summary>
/// Where a call comes from, behind proxies: <c>X-Forwarded-For</c> is read from its end for as long as those who wrote it are trusted. From anybody
/// else it is what a caller claims, and is ignored.
/// </summary>
internal static class ForwardedAddresses
{
    /// <summary>Lets the trusted proxies name the caller's address; without any, nothing is read.</summary>
    public static void UseForwardedAddresses(this WebApplication app, ApiOptions options)
    {
        if (options.TrustedProxies.Count == 0) return;
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        forwarded.KnownProxies.Clear(); // Loopback is in it by default: a program on this machine is no proxy for that.
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
        {
            if (System.Net.IPNetwork.TryParse(proxy, out var network)) forwarded.KnownIPNetworks.Add(network);
            else forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        app.UseForwardedHeaders(forwarded);
    }
}

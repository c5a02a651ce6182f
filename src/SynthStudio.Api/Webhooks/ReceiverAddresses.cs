using System.Net;
using SynthStudio.Api.Outbound;

namespace SynthStudio.Api.Webhooks;

/// <summary>Which URLs events are sent to.</summary>
internal sealed class ReceiverAddresses(WebhookOptions options)
{
    private const int LongestUrl = 2000;

    /// <summary>The addresses behind them.</summary>
    public OutboundAddresses Addresses { get; } = new(options.AllowedNetworks);

    /// <summary>What is wrong with a receiver's URL; null when nothing is. Names are looked up when something is sent, not here.</summary>
    public string? Problem(string url)
    {
        if (url.Length > LongestUrl) return $"has {url.Length} characters; at most {LongestUrl} are allowed.";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            return "must be a URL like https://example.org/hooks.";
        if (uri.Scheme != Uri.UriSchemeHttps && !(options.AllowHttp && uri.Scheme == Uri.UriSchemeHttp))
            return options.AllowHttp ? "must begin with https:// or http://." : "must begin with https://.";
        if (uri.UserInfo.Length > 0) return "must not have a user or password in it; requests are signed instead.";
        if (uri.Fragment.Length > 0) return "must not have a fragment (#…).";
        return uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && !Addresses.IsAllowed(IPAddress.Parse(uri.DnsSafeHost))
            ? "is not a public address; only the operator can allow others (Webhooks:AllowedNetworks)."
            : null;
    }
}
